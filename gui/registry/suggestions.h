#pragma once

#include "gui/client/helper_client.h"

#include <QAbstractListModel>
#include <QCompleter>
#include <QTimer>

class QLineEdit;

namespace rocker::gui {

// What may be meant: names with a word about each.
class SuggestionModel : public QAbstractListModel
{
    Q_OBJECT

public:
    using QAbstractListModel::QAbstractListModel;
    struct Suggestion {
        QString name;
        QString about; // may be empty
    };
    void setSuggestions(std::vector<Suggestion> suggestions);
    int rowCount(const QModelIndex& parent = {}) const override;
    // Display is for the list, Edit is what is taken.
    QVariant data(const QModelIndex& index, int role) const override;

private:
    std::vector<Suggestion> m_suggestions;
};

// Completes an image's name from its registry while one types: what a search finds, and after a colon the tags. Asks once
// the typist rests; an answer to what is not asked any more is thrown away.
class Suggestions : public QObject
{
    Q_OBJECT

public:
    Suggestions(HelperClient& client, QLineEdit* edit);

    static constexpr std::chrono::milliseconds rest{350};
    static constexpr qsizetype fewestCharacters = 3;
    static constexpr int most = 25;

Q_SIGNALS:
    // Why there are none, or what is being asked; empty when there is nothing to say.
    void noted(const QString& note);

private:
    void typed();
    void ask();
    void askTags(const QString& repository);
    void search(const QString& term);
    void showTags();
    void show(std::vector<SuggestionModel::Suggestion> suggestions, const QString& none);

    HelperClient& m_client;
    QLineEdit* m_edit;
    SuggestionModel* m_model;
    QCompleter* m_completer;
    QTimer m_rest;
    QString m_asked;      // for which there is an answer, or will be
    QString m_repository; // whose tags m_tags are
    QStringList m_tags;
    int m_question = 0;
};

} // namespace rocker::gui
