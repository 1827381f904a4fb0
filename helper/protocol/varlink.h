#pragma once

#include "helper/protocol/method.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

// The Varlink wire (https://varlink.org/Method-Call): JSON objects, each ended by one NUL byte.
namespace rocker::protocol {

inline constexpr std::size_t requestLimit = 1 << 20;  // what a client may send in one message, bytes
inline constexpr std::size_t replyLimit = 64 << 20;   // what the helper may answer in one

struct Call {
    std::string method; // "org.rockerworkstation.Containers.Create"
    json::Value parameters = json::Value::object();
    bool oneway = false;
    bool more = false;
    bool upgrade = false;

    static constexpr auto fields()
    {
        return std::tuple(json::required("method", &Call::method), json::defaulted("parameters", &Call::parameters),
                          json::defaulted("oneway", &Call::oneway), json::defaulted("more", &Call::more),
                          json::defaulted("upgrade", &Call::upgrade));
    }
};

struct Answer {
    json::Value parameters = json::Value::object();
    bool continues = false;
    std::string error; // a qualified error name, empty for success

    static constexpr auto fields()
    {
        return std::tuple(json::defaulted("parameters", &Answer::parameters),
                          json::defaulted("continues", &Answer::continues), json::defaulted("error", &Answer::error));
    }
};

// Messages ready to be sent, with their NUL.
std::string encode(const Call& call);
std::string encode(const Answer& answer);
Result<Call> decodeCall(std::string_view message);
Result<Answer> decodeAnswer(std::string_view message);

// What every error of our interfaces carries. The IDL declares one error per ErrorCode in each interface, because
// Varlink wants an error declared by the interface whose name it bears.
struct ErrorParameters {
    std::string message;
    int errnum = 0;
    static constexpr auto fields()
    {
        return std::tuple(json::required("message", &ErrorParameters::message),
                          json::required("errno", &ErrorParameters::errnum, "of the system call that failed, else 0"));
    }
};

// An Error on the wire, named by its ErrorCode alone ("NotFound"): the helper's connection puts the called interface in
// front ("org.rockerworkstation.Images.NotFound").
Answer errorAnswer(const Error& error);
// org.varlink.service.InvalidParameter for an error whose text is "path.of.it: what is wrong".
Answer invalidParameter(const Error& error);
// Reads either, and the other standard errors as the nearest ErrorCode.
Error errorOf(const Answer& answer);

template<Interface I, Method M>
std::string qualifiedName()
{
    return std::string(I::name) + "." + std::string(M::name);
}

template<Interface I, Method M>
Call callOf(const typename M::Parameters& parameters)
{
    return {.method = qualifiedName<I, M>(),
            .parameters = json::write(parameters),
            .more = M::flow == Flow::Stream,
            .upgrade = M::flow == Flow::Upgrade};
}

// The reply's struct, or the error it carries.
template<Method M>
Result<typename M::Reply> replyOf(const Answer& answer)
{
    if (!answer.error.empty())
        return fail(errorOf(answer));
    return json::read<typename M::Reply>(answer.parameters, json::UnknownKeys::Ignore);
}

// Cuts a byte stream into messages. One that grows past the limit breaks the stream for good.
class MessageBuffer
{
public:
    explicit MessageBuffer(std::size_t limit) : m_limit(limit) {}
    void append(std::string_view bytes) { m_buffer.append(bytes); }
    std::optional<std::string> next();
    bool broken() const { return m_broken; }
    // What came after the last message: the first bytes of an upgraded stream.
    std::string takeRest();

    // Of a message whose end has not come yet, or of messages not taken out yet.
    std::size_t size() const { return m_buffer.size(); }

private:
    void breakOff();

    std::size_t m_limit;
    std::string m_buffer;
    std::size_t m_scanned = 0;
    bool m_broken = false;
};

} // namespace rocker::protocol
