#pragma once

#include "engine/base/frame.h"
#include "helper/protocol/system.h"
#include "helper/protocol/varlink.h"

#include <QLocalServer>
#include <QLocalSocket>
#include <QTemporaryDir>

#include <functional>
#include <memory>
#include <map>

namespace rocker::gui {

// A helper for tests: a socket that speaks the protocol's structs, with scripted answers. Keeps a list of containers
// and images, and tells its watchers of every change.
class FakeHelper : public QObject
{
    Q_OBJECT

public:
    // One call that came in, and the way to answer it.
    struct Call {
        protocol::Call message;
        QLocalSocket* socket;

        void answer(const protocol::Answer& answer) const;
        void fail(ErrorCode code, const std::string& what) const;
        void frame(FrameType type, std::string_view payload = {}) const;
        template<typename R>
        void reply(const R& reply, bool continues = false) const
        {
            answer({.parameters = json::write(reply), .continues = continues});
        }
        template<typename P>
        P parameters() const
        {
            return json::read<P>(message.parameters, json::UnknownKeys::Refuse).value();
        }
    };
    using Handler = std::function<void(const Call&)>;

    explicit FakeHelper(const QString& path = {}, QObject* parent = nullptr);
    ~FakeHelper() override;
    QString path() const { return m_path; }
    bool listen();
    // Stops listening and drops every connection, or only the upgraded ones stay.
    void stop();

    // Answers "Containers.Start" and the like in place of the built-in behaviour.
    void on(const std::string& method, Handler handler) { m_handlers[method] = std::move(handler); }
    // Every call so far, by its short name.
    const QStringList& calls() const { return m_calls; }
    int connections() const { return m_connections; }

    std::vector<protocol::Container> containers;
    std::vector<protocol::Image> images;
    void publish(protocol::Watch::Reply change);
    void changed(const protocol::Container& container);
    protocol::Container* find(const std::string& idOrName);

    // What a terminal or log stream begins with.
    std::string terminalOutput = "/ # ";
    std::string log;
    // Frames that clients sent on upgraded connections.
    struct Upgraded {
        QLocalSocket* socket;
        FrameReader reader;
        std::string input;
        std::vector<TerminalDimensions> sizes;
    };
    const std::map<QLocalSocket*, Upgraded>& upgraded() const { return m_upgraded; }
    // What comes over the call's connection from now on are frames.
    void takeFrames(const Call& call) { m_upgraded[call.socket].socket = call.socket; }
    bool echo = false; // input comes back as output

Q_SIGNALS:
    void called(const QString& method);
    void inputReceived();

private:
    void accept();
    void read(QLocalSocket* socket);
    void dispatch(const Call& call);
    bool containerCall(const std::string& method, const Call& call);
    bool imageCall(const std::string& method, const Call& call);
    void upgrade(const Call& call, bool terminal);
    void setState(const Call& call, const std::string& id, protocol::ContainerState state, std::int64_t exitCode);

    QTemporaryDir m_directory;
    QString m_path;
    QLocalServer m_server;
    std::map<QLocalSocket*, std::unique_ptr<protocol::MessageBuffer>> m_clients;
    std::map<QLocalSocket*, Upgraded> m_upgraded;
    std::vector<Call> m_watchers;
    std::map<std::string, Handler> m_handlers;
    QStringList m_calls;
    int m_connections = 0;
    std::int64_t m_sequence = 0;
    int m_made = 0;
};

protocol::Container makeContainer(const std::string& name, protocol::ContainerState state);
protocol::Image makeImage(const std::string& reference, std::int64_t size);

} // namespace rocker::gui
