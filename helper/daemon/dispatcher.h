#pragma once

#include "helper/daemon/authority.h"
#include "helper/protocol/idl.h"
#include "helper/services/request.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace rocker {

// The table from a qualified method name to the service that handles it, and org.varlink.service, which describes it.
class Dispatcher
{
public:
    explicit Dispatcher(const Authority& authority) : m_authority(authority) {}

    // Every method of I is answered by service.handle(Request<M>); the compiler refuses a service that lacks one.
    template<protocol::Interface I, typename Service>
    void bind(Service& service)
    {
        m_interfaces.push_back({std::string(I::name), protocol::interfaceDescription<I>()});
        bindMethods<I>(service, typename I::Methods{});
    }

    // Answers the call through `sink`, now or later.
    void dispatch(const Caller& caller, protocol::Call call, const std::shared_ptr<ReplySink>& sink) const;

private:
    using Run = std::function<void(const Caller&, const json::Value&, const std::shared_ptr<ReplySink>&)>;
    struct Entry {
        protocol::Flow flow;
        Run run;
    };
    struct Description {
        std::string name;
        std::string text;
    };

    template<protocol::Interface I, typename Service, protocol::Method... M>
    void bindMethods(Service& service, protocol::MethodList<M...>)
    {
        (m_methods.emplace(protocol::qualifiedName<I, M>(), Entry{M::flow, runner<M>(service)}), ...);
    }

    template<protocol::Method M, typename Service>
    static Run runner(Service& service)
    {
        static_assert(requires(Request<M> request) { service.handle(std::move(request)); },
                      "the service has no handle(Request<M>) for this method of the interface it is bound to");
        return [&service](const Caller& caller, const json::Value& parameters,
                          const std::shared_ptr<ReplySink>& sink) {
            auto read = json::read<typename M::Parameters>(parameters, json::UnknownKeys::Refuse);
            if (!read)
                return sink->send(protocol::invalidParameter(read.error()));
            service.handle(Request<M>(caller, *std::move(read), sink));
        };
    }

    protocol::Answer describe(const protocol::Call& call) const;
    protocol::Answer unknown(const std::string& method) const;

    const Authority& m_authority;
    std::map<std::string, Entry, std::less<>> m_methods;
    std::vector<Description> m_interfaces;
};

} // namespace rocker
