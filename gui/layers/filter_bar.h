#pragma once

#include "gui/layers/tree_filter.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;

namespace rocker::gui {

// The line of a TreeFilter, and choices that write into it what could be typed.
class FilterBar : public QWidget
{
    Q_OBJECT

public:
    explicit FilterBar(QWidget* parent = nullptr);
    void takeFocus();
    void clear();
    QString text() const;
    // What was found, or what the line's problem is.
    void showResult(const TreeFilter& filter, const FilteredTree& result);

Q_SIGNALS:
    void changed(const QString& line);
    void leftDownwards(); // the person wants into the list

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Choice {
        QString words;
        QString value;
    };
    QComboBox* addChoices(const QString& key, const QString& name, const QList<Choice>& choices);
    void followLine();

    QLineEdit* m_line;
    QList<QComboBox*> m_choices;
    QLabel* m_result;
    QLabel* m_problem;
    bool m_following = false;
};

} // namespace rocker::gui
