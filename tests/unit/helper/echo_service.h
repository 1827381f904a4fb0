#pragma once

#include "helper/services/request.h"

#include <deque>
#include <stdexcept>

// An interface with one method of each flow, and a service that answers them: what the daemon's tests call.
namespace rocker::test {

using protocol::Flow;

struct Text {
    std::string text;
    static constexpr auto fields() { return std::tuple(json::required("text", &Text::text)); }
};

struct Count {
    std::int64_t count = 0;
    static constexpr auto fields() { return std::tuple(json::required("count", &Count::count)); }
};

template<Flow f, typename P, typename R>
struct Base {
    static constexpr std::string_view comment = "For the tests.";
    static constexpr Flow flow = f;
    using Parameters = P;
    using Reply = R;
};

struct Say : Base<Flow::Once, Text, Text> {
    static constexpr std::string_view name = "Say";
};
struct Hold : Base<Flow::Once, Text, Text> {
    static constexpr std::string_view name = "Hold";
};
struct Release : Base<Flow::Once, protocol::Empty, Count> {
    static constexpr std::string_view name = "Release";
};
struct Gone : Base<Flow::Once, protocol::Empty, Count> {
    static constexpr std::string_view name = "Gone";
};
struct Refuse : Base<Flow::Once, Text, protocol::Empty> {
    static constexpr std::string_view name = "Refuse";
};
struct Throw : Base<Flow::Once, protocol::Empty, protocol::Empty> {
    static constexpr std::string_view name = "Throw";
};
struct Repeat : Base<Flow::Stream, Count, Text> {
    static constexpr std::string_view name = "Repeat";
};
struct Take : Base<Flow::Upgrade, protocol::Empty, Text> {
    static constexpr std::string_view name = "Take";
};

struct Echo {
    static constexpr std::string_view name = "org.example.Echo";
    static constexpr std::string_view comment = "For the tests.";
    using Methods = protocol::MethodList<Say, Hold, Release, Gone, Refuse, Throw, Repeat, Take>;
};

class EchoService
{
public:
    void handle(Request<Say> request) { request.reply({request.parameters().text}); }
    void handle(Request<Hold> request)
    {
        request.onGone([this] { ++gone; });
        held.push_back(std::move(request));
    }
    // Answers every held call, and says how many.
    void handle(Request<Release> request)
    {
        for (auto& waiting : held)
            waiting.reply({"released " + waiting.parameters().text});
        request.reply({std::int64_t(held.size())});
        held.clear();
    }
    // How many callers have gone while their call was held.
    void handle(Request<Gone> request) { request.reply({gone}); }
    void handle(Request<Refuse> request)
    {
        request.fail({ErrorCode::AlreadyExists, 17, request.parameters().text});
    }
    void handle(Request<Throw>) { throw std::runtime_error("on purpose"); }
    // A kilobyte each time, whether or not the client reads.
    void handle(Request<Repeat> request)
    {
        for (std::int64_t i = 0; i < request.parameters().count; ++i)
            request.progress({std::string(1024, 'r')});
        request.reply({"end"});
    }
    void handle(Request<Take> request)
    {
        request.upgrade({"yours"}, [this](UniqueFd socket, std::string rest) {
            rest = "rest:" + rest;
            if (::write(socket.value(), rest.data(), rest.size()) == ssize_t(rest.size()))
                taken.push_back(std::move(socket));
        });
    }

private:
    std::deque<Request<Hold>> held;
    std::int64_t gone = 0;
    std::vector<UniqueFd> taken;
};

} // namespace rocker::test
