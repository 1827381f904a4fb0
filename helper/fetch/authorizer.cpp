#include "helper/fetch/authorizer.h"

#include "engine/json/json.h"
#include "helper/fetch/complaint.h"

#include <algorithm>
#include <cerrno>

namespace rocker::fetch {

namespace {

constexpr std::int64_t tokenLimit = 1 << 20;

struct TokenDocument {
    std::string token;
    std::string accessToken;
    static constexpr auto fields()
    {
        return std::tuple(json::defaulted("token", &TokenDocument::token),
            json::defaulted("access_token", &TokenDocument::accessToken));
    }
};

QByteArray encoded(const std::string& text)
{
    return QUrl::toPercentEncoding(QString::fromStdString(text));
}

std::string parameterOf(const Challenge& challenge, const std::string& name)
{
    const auto found = challenge.parameters.find(name);
    return found == challenge.parameters.end() ? "" : found->second;
}

} // namespace

std::unexpected<Error> Authorizer::denied(std::string_view why) const
{
    const std::string trouble = m_access.trouble.empty() ? "" : " (" + m_access.trouble + ")";
    return fail(ErrorCode::PermissionDenied, "{}{}", why, trouble);
}

std::unexpected<Error> Authorizer::loginWanted(std::string_view why) const
{
    const bool loggingIn = m_access.scopes.empty();
    auto error
        = denied(loggingIn ? std::string(why) : std::format("{}: rocker login {}", why, m_access.authority)).error();
    error.errnum = ENOKEY;
    return fail(std::move(error));
}

Authorizer::Access Authorizer::accessTo(const Site& site, std::vector<std::string> scopes)
{
    return {site.endpoint.host, site.endpoint.authority, site.endpoint.plain, std::move(scopes), site.credentials,
        site.trouble};
}

QByteArray Authorizer::basic() const
{
    if (m_access.credentials.user.empty())
        return {};
    return "Basic "
        + QByteArray::fromStdString(m_access.credentials.user + ":" + m_access.credentials.password).toBase64();
}

void Authorizer::answer(
    const std::vector<Challenge>& challenges, const QByteArray& sent, std::function<void(Result<>)> done)
{
    if (sent != m_header)
        return done({}); // another transfer has got a new one meanwhile
    m_waiting.push_back(std::move(done));
    if (m_asking)
        return;
    const auto bearer = std::ranges::find(challenges, "bearer", &Challenge::scheme);
    Result<> begun;
    if (bearer != challenges.end()) {
        if (begun = askForToken(*bearer); begun)
            return;
    } else if (std::ranges::contains(challenges, "basic", &Challenge::scheme)) {
        begun = useBasic(sent);
    } else {
        begun = denied("access is denied, and the registry names no way to log in that is known here");
    }
    finish(begun);
}

Result<> Authorizer::useBasic(const QByteArray& sent)
{
    const QByteArray header = basic();
    if (header.isEmpty())
        return loginWanted(std::format("{} needs a login", m_access.authority));
    if (sent == header)
        return loginWanted(std::format(
            "{} does not accept the user name or password of '{}'", m_access.authority, m_access.credentials.user));
    m_header = header;
    return {};
}

// No more is ever asked for than was meant, whatever the registry names; its own name of the repository is taken, which
// differs where it stands for another one.
std::vector<std::string> Authorizer::scopesFor(const Challenge& challenge) const
{
    std::vector<std::string> scopes = m_access.scopes;
    const std::string named = parameterOf(challenge, "scope");
    const std::size_t end = named.rfind(':');
    if (scopes.empty() || !scopes.front().starts_with("repository:") || !named.starts_with("repository:")
        || named.contains(' ') || named.size() >= 512)
        return scopes;
    const std::string_view actions = std::string_view(named).substr(end + 1);
    if (actions == "pull" || actions == "push" || actions == "pull,push" || actions == "push,pull")
        scopes.front() = named.substr(0, end) + scopes.front().substr(scopes.front().rfind(':'));
    return scopes;
}

Result<> Authorizer::askForToken(const Challenge& challenge)
{
    QUrl realm = QUrl::fromEncoded(QByteArray::fromStdString(parameterOf(challenge, "realm")), QUrl::StrictMode);
    if (!m_network.allows(realm) || (!m_access.plain && realm.scheme() != "https"))
        return denied(std::format(
            "{} sends for a token to '{}', which is not reached: only HTTPS is, and plain HTTP at registries "
            "that registries.json lists as insecure",
            m_access.host, quoted(realm.toEncoded(QUrl::RemoveUserInfo | QUrl::RemoveQuery))));
    const std::string service = parameterOf(challenge, "service");
    QByteArray query = "service=" + encoded(service);
    const std::vector<std::string> scopes = scopesFor(challenge);
    Question question{.url = {}, .what = "a token", .accept = "application/json", .limit = tokenLimit};
    if (!m_access.credentials.identityToken.empty()) {
        std::string joined; // as OAuth 2 writes several
        for (const std::string& scope : scopes)
            joined += (joined.empty() ? "" : " ") + scope;
        question.method = "POST";
        question.contentType = "application/x-www-form-urlencoded";
        question.redirectable = false;
        question.body.bytes = "grant_type=refresh_token&client_id=rocker&" + query + "&scope=" + encoded(joined)
            + "&refresh_token=" + encoded(m_access.credentials.identityToken);
    } else {
        for (const std::string& scope : scopes)
            query += "&scope=" + encoded(scope);
        question.authorization = basic();
        if (!m_access.credentials.user.empty())
            query += "&account=" + encoded(m_access.credentials.user);
        const QByteArray own = realm.query(QUrl::FullyEncoded).toLatin1();
        realm.setQuery(QString::fromLatin1(own.isEmpty() ? query : own + "&" + query), QUrl::StrictMode);
    }
    question.url = realm;
    m_asking = std::make_unique<Transfer>(
        m_network, std::move(question), [this](Result<Answer> answer) { tokenArrived(std::move(answer)); });
    m_asking->start();
    return {};
}

void Authorizer::tokenArrived(Result<Answer> answer)
{
    m_asking.reset();
    if (!answer)
        return finish(answer.error().code == ErrorCode::PermissionDenied ? loginWanted(answer.error().what)
                                                                         : fail(answer.error()));
    const auto document = json::readText<TokenDocument>(
        {answer->body.constData(), std::size_t(answer->body.size())}, json::UnknownKeys::Ignore);
    const std::string token = !document ? "" : document->token.empty() ? document->accessToken : document->token;
    // It becomes a header field: nothing in it may end one.
    if (token.empty() || !std::ranges::all_of(token, [](char c) { return c > 0x20 && c < 0x7f; }))
        return finish(fail(ErrorCode::Corrupt, "the token server of {} does not answer with a token", m_access.host));
    m_header = "Bearer " + QByteArray::fromStdString(token);
    finish({});
}

void Authorizer::finish(const Result<>& outcome)
{
    for (const auto& waiting : std::exchange(m_waiting, {}))
        waiting(outcome);
}

} // namespace rocker::fetch
