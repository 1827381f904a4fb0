#include "gui/registry/suggestions.h"

#include "gui/models/text.h"
#include "gui/registry/registry_name.h"

#include <QAbstractItemView>
#include <QLineEdit>
#include <QStyledItemDelegate>

namespace rocker::gui {

void SuggestionModel::setSuggestions(std::vector<Suggestion> suggestions)
{
    beginResetModel();
    m_suggestions = std::move(suggestions);
    endResetModel();
}

int SuggestionModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_suggestions.size());
}

QVariant SuggestionModel::data(const QModelIndex& index, int role) const
{
    const Suggestion& suggestion = m_suggestions[std::size_t(index.row())];
    switch (role) {
    case Qt::EditRole:
        return suggestion.name;
    case Qt::DisplayRole:
        return suggestion.about.isEmpty() ? suggestion.name
                                          : QStringLiteral("%1  ·  %2").arg(suggestion.name, suggestion.about);
    case Qt::ToolTipRole:
        return suggestion.about;
    default:
        return {};
    }
}

Suggestions::Suggestions(HelperClient& client, QLineEdit* edit)
    : QObject(edit)
    , m_client(client)
    , m_edit(edit)
    , m_model(new SuggestionModel(this))
    , m_completer(new QCompleter(m_model, this))
{
    m_completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    m_completer->setCompletionRole(Qt::EditRole);
    m_completer->setMaxVisibleItems(10);
    m_completer->popup()->setTextElideMode(Qt::ElideRight);
    m_completer->popup()->setObjectName(QStringLiteral("suggestionList"));
    m_completer->popup()->setItemDelegate(
        new QStyledItemDelegate(m_completer)); // the completer's own knows no style sheet
    m_edit->setCompleter(m_completer);
    m_rest.setSingleShot(true);
    m_rest.setInterval(rest);
    connect(&m_rest, &QTimer::timeout, this, &Suggestions::ask);
    connect(m_edit, &QLineEdit::textEdited, this, &Suggestions::typed);
}

void Suggestions::typed()
{
    const TypedName name = splitName(m_edit->text().trimmed());
    if (name.tagged && name.repository == m_repository && !m_tags.isEmpty())
        return showTags();
    m_rest.start();
}

void Suggestions::ask()
{
    const QString typed = m_edit->text().trimmed();
    const TypedName name = splitName(typed);
    if (typed == m_asked || typed.contains(u'@') || m_client.state() != HelperClient::State::Connected)
        return;
    m_asked = typed;
    ++m_question;
    Q_EMIT noted({});
    if (name.tagged && !name.repository.isEmpty())
        askTags(name.repository);
    else if (typed.section(u'/', -1).size() >= fewestCharacters)
        search(typed);
}

void Suggestions::askTags(const QString& repository)
{
    Q_EMIT noted(tr("Asking for the tags…"));
    m_client.call<protocol::Images, protocol::ListTags>({.repository = repository.toStdString()})
        .then(this, [this, repository, question = m_question](const Result<protocol::ListTags::Reply>& reply) {
            if (question != m_question)
                return;
            m_tags.clear();
            m_repository = repository;
            if (!reply)
                return show({}, tr("No tags: %1").arg(text(reply.error().what)));
            for (const std::string& tag : reply->tags)
                m_tags << text(tag);
            showTags();
        });
}

// The newest of such lists are often at their ends; those that begin as is typed come first, then others that have it.
void Suggestions::showTags()
{
    const QString typed = splitName(m_edit->text().trimmed()).tag;
    std::vector<SuggestionModel::Suggestion> found;
    for (const bool beginning : {true, false})
        for (const QString& tag : m_tags)
            if (tag != typed && tag.startsWith(typed) == beginning && tag.contains(typed) && int(found.size()) < most)
                found.push_back({m_repository + u':' + tag, {}});
    show(std::move(found), m_tags.isEmpty() ? tr("It has no tags.") : QString());
}

void Suggestions::search(const QString& term)
{
    Q_EMIT noted(tr("Searching…"));
    m_client.call<protocol::Images, protocol::SearchImages>({.term = term.toStdString(), .limit = most})
        .then(this, [this, question = m_question](const Result<protocol::SearchImages::Reply>& reply) {
            if (question != m_question)
                return;
            if (!reply)
                return show({}, tr("No suggestions: %1").arg(text(reply.error().what)));
            std::vector<SuggestionModel::Suggestion> found;
            for (const auto& image : reply->images)
                found.push_back({text(image.name),
                    image.official && image.description.empty() ? tr("official") : text(image.description)});
            show(std::move(found), tr("Nothing of that name was found."));
        });
}

void Suggestions::show(std::vector<SuggestionModel::Suggestion> suggestions, const QString& none)
{
    const bool empty = suggestions.empty();
    Q_EMIT noted(empty ? none : QString());
    m_model->setSuggestions(std::move(suggestions));
    if (empty)
        m_completer->popup()->hide();
    else if (m_edit->hasFocus() && m_edit->isVisible())
        m_completer->complete();
}

} // namespace rocker::gui
