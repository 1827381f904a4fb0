#include "tests/unit/gui/fake_helper.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QPointer>

#include <algorithm>

namespace rocker::gui {

namespace {

std::string now(int secondsAgo = 0)
{
    return QDateTime::currentDateTimeUtc().addSecs(-secondsAgo).toString(Qt::ISODate).toStdString();
}

std::string hexOf(const std::string& seed)
{
    return QCryptographicHash::hash(QByteArray::fromStdString(seed), QCryptographicHash::Sha256).toHex().toStdString();
}

std::string shortName(const std::string& method)
{
    return method.substr(std::string("org.rockerworkstation.").size());
}

} // namespace

protocol::Container makeContainer(const std::string& name, protocol::ContainerState state)
{
    protocol::Container container;
    container.id = hexOf(name);
    container.name = name;
    container.image = "starter:latest";
    container.command = {"/bin/sh"};
    container.state = state;
    container.tty = true;
    container.interactive = true;
    container.createdAt = now(600);
    if (state != protocol::ContainerState::Created)
        container.startedAt = now(500);
    if (state == protocol::ContainerState::Running)
        container.pid = 4242;
    if (state == protocol::ContainerState::Exited)
        container.finishedAt = now(100);
    return container;
}

protocol::Image makeImage(const std::string& reference, std::int64_t size)
{
    return {.id = "sha256:" + hexOf(reference),
            .references = {reference},
            .size = size,
            .createdAt = now(3 * 86400),
            .architecture = "amd64",
            .layerCount = 2};
}

void FakeHelper::Call::answer(const protocol::Answer& answer) const
{
    const std::string bytes = protocol::encode(answer);
    socket->write(bytes.data(), qint64(bytes.size()));
}

void FakeHelper::Call::fail(ErrorCode code, const std::string& what) const
{
    answer(protocol::errorAnswer({code, 0, what}));
}

void FakeHelper::Call::frame(FrameType type, std::string_view payload) const
{
    do {
        const std::string_view part = payload.substr(0, framePayloadLimit);
        const std::string bytes = rocker::frame(type, part);
        socket->write(bytes.data(), qint64(bytes.size()));
        payload.remove_prefix(part.size());
    } while (!payload.empty());
}

FakeHelper::FakeHelper(const QString& path, QObject* parent)
    : QObject(parent), m_path(path.isEmpty() ? m_directory.filePath(QStringLiteral("helper.sock")) : path)
{
    connect(&m_server, &QLocalServer::newConnection, this, &FakeHelper::accept);
}

// The server takes its sockets with it, and a socket says goodbye while it is destroyed.
FakeHelper::~FakeHelper()
{
    for (const auto& [socket, buffer] : m_clients)
        disconnect(socket, nullptr, this, nullptr);
    for (const auto& [socket, client] : m_upgraded)
        disconnect(socket, nullptr, this, nullptr);
}

bool FakeHelper::listen()
{
    QLocalServer::removeServer(m_path);
    return m_server.listen(m_path);
}

void FakeHelper::stop()
{
    m_server.close();
    m_watchers.clear();
    for (const auto& [socket, buffer] : std::exchange(m_clients, {}))
        if (!m_upgraded.contains(socket)) {
            disconnect(socket, nullptr, this, nullptr);
            socket->abort();
            socket->deleteLater();
        }
}

void FakeHelper::accept()
{
    while (QLocalSocket* socket = m_server.nextPendingConnection()) {
        ++m_connections;
        m_clients[socket] = std::make_unique<protocol::MessageBuffer>(protocol::requestLimit);
        connect(socket, &QLocalSocket::readyRead, this, [this, socket] { read(socket); });
        connect(socket, &QLocalSocket::disconnected, this, [this, socket] {
            m_clients.erase(socket);
            m_upgraded.erase(socket);
            std::erase_if(m_watchers, [socket](const Call& call) { return call.socket == socket; });
            socket->deleteLater();
        });
    }
}

void FakeHelper::read(QLocalSocket* socket)
{
    const std::string bytes = socket->readAll().toStdString();
    if (const auto upgraded = m_upgraded.find(socket); upgraded != m_upgraded.end()) {
        Upgraded& client = upgraded->second;
        client.reader.append(bytes);
        while (const auto frame = client.reader.next()) {
            if (frame->type == FrameType::Resize)
                client.sizes.push_back(*readResize(frame->payload));
            if (frame->type != FrameType::Input)
                continue;
            client.input += frame->payload;
            if (echo) {
                const std::string back = rocker::frame(FrameType::Output, frame->payload);
                socket->write(back.data(), qint64(back.size()));
            }
        }
        Q_EMIT inputReceived();
        return;
    }
    protocol::MessageBuffer& buffer = *m_clients.at(socket);
    buffer.append(bytes);
    const QPointer<QLocalSocket> alive(socket);
    while (const auto message = buffer.next()) {
        dispatch({protocol::decodeCall(*message).value(), socket});
        if (!alive || !m_clients.contains(socket))
            return;
    }
}

void FakeHelper::dispatch(const Call& call)
{
    const std::string method = shortName(call.message.method);
    m_calls << QString::fromStdString(method);
    if (const auto handler = m_handlers.find(method); handler != m_handlers.end()) {
        handler->second(call);
    } else if (method == "System.Watch") {
        m_watchers.push_back(call);
        call.reply(protocol::Watch::Reply{
                       .sequence = ++m_sequence, .reset = true, .containers = containers, .images = images},
                   true);
    } else if (!containerCall(method, call) && !imageCall(method, call)) {
        call.fail(ErrorCode::NotFound, "the fake helper has no " + method);
    }
    Q_EMIT called(QString::fromStdString(method));
}

void FakeHelper::publish(protocol::Watch::Reply change)
{
    change.sequence = ++m_sequence;
    for (const Call& watcher : m_watchers)
        watcher.reply(change, true);
}

void FakeHelper::changed(const protocol::Container& container)
{
    publish({.containers = {container}});
}

protocol::Container* FakeHelper::find(const std::string& idOrName)
{
    const auto found = std::ranges::find_if(
        containers, [&](const auto& container) { return container.id == idOrName || container.name == idOrName; });
    return found == containers.end() ? nullptr : &*found;
}

void FakeHelper::setState(const Call& call, const std::string& id, protocol::ContainerState state, std::int64_t exitCode)
{
    protocol::Container* container = find(id);
    if (!container)
        return call.fail(ErrorCode::NotFound, "no container is called '" + id + "'");
    container->state = state;
    container->exitCode = exitCode;
    if (state == protocol::ContainerState::Running) {
        container->startedAt = now();
        container->error.clear();
    } else if (state == protocol::ContainerState::Exited) {
        container->finishedAt = now();
        for (auto& [socket, client] : m_upgraded) {
            const std::string bytes = rocker::frame(FrameType::Exited, exitPayload(std::uint32_t(exitCode), false));
            socket->write(bytes.data(), qint64(bytes.size()));
        }
    }
    call.reply(protocol::ContainerReply{*container});
    changed(*container);
}

bool FakeHelper::containerCall(const std::string& method, const Call& call)
{
    using enum protocol::ContainerState;
    const auto id = [&] { return call.message.parameters.value("container", std::string()); };
    if (method == "Containers.Create") {
        const auto wanted = call.parameters<protocol::Create::Parameters>();
        if (find(wanted.name)) {
            call.fail(ErrorCode::AlreadyExists, "a container is called '" + wanted.name + "' already");
            return true;
        }
        protocol::Container made = makeContainer(wanted.name.empty() ? "made-" + std::to_string(++m_made) : wanted.name, Created);
        made.image = wanted.image;
        made.tty = wanted.tty;
        made.createdAt = now();
        if (!wanted.command.empty())
            made.command = wanted.command;
        containers.push_back(made);
        call.reply(protocol::Create::Reply{made});
        changed(made);
    } else if (method == "Containers.Start" || method == "Containers.Resume") {
        setState(call, id(), Running, 0);
    } else if (method == "Containers.Pause") {
        setState(call, id(), Paused, 0);
    } else if (method == "Containers.Stop") {
        setState(call, id(), Exited, 143);
    } else if (method == "Containers.Kill") {
        setState(call, id(), Exited, 137);
    } else if (method == "Containers.Rename") {
        const auto wanted = call.parameters<protocol::Rename::Parameters>();
        protocol::Container* container = find(wanted.container);
        container->name = wanted.name;
        call.reply(protocol::ContainerReply{*container});
        changed(*container);
    } else if (method == "Containers.Remove") {
        std::erase_if(containers, [&](const auto& container) { return container.id == id(); });
        call.reply(protocol::Empty{});
        publish({.removedContainers = {id()}});
    } else if (method == "Containers.Inspect") {
        protocol::ContainerDetails details;
        details.imageId = "sha256:" + hexOf("starter");
        details.environment = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm-256color"};
        details.workingDirectory = "/";
        details.hostname = id().substr(0, 12);
        details.binds = {{"/home/user/projects/web", "/srv/web", true}};
        details.limits.memory = 256 << 20;
        details.capabilities = {"CAP_CHOWN", "CAP_KILL", "CAP_NET_BIND_SERVICE", "CAP_SETGID", "CAP_SETUID"};
        details.logPath = "/var/lib/rocker/containers/" + id() + "/container.log";
        details.layers = {"sha256:" + hexOf("one"), "sha256:" + hexOf("two")};
        details.firstHostId = 589824;
        details.stopSignal = "TERM";
        call.reply(protocol::Inspect::Reply{*find(id()), details});
    } else if (method == "Containers.Attach" || method == "Containers.Exec") {
        upgrade(call, true);
    } else if (method == "Containers.Logs") {
        upgrade(call, false);
    } else {
        return false;
    }
    return true;
}

void FakeHelper::upgrade(const Call& call, bool terminal)
{
    call.reply(protocol::Empty{});
    m_upgraded[call.socket] = {call.socket, {}, {}, {}};
    if (!terminal) {
        call.frame(FrameType::Output, log);
        if (!call.message.parameters.value("follow", false))
            call.socket->disconnectFromServer();
        return;
    }
    call.frame(FrameType::Output, terminalOutput);
    if (call.message.method.ends_with("Attach"))
        call.frame(FrameType::Replayed);
}

bool FakeHelper::imageCall(const std::string& method, const Call& call)
{
    if (method == "Images.Inspect") {
        const auto image = std::ranges::find_if(images, [&](const auto& candidate) {
            const std::string wanted = call.message.parameters.value("image", std::string());
            return candidate.id == wanted || std::ranges::contains(candidate.references, wanted);
        });
        if (image == images.end()) {
            call.fail(ErrorCode::NotFound, "no such image");
            return true;
        }
        protocol::ImageDetails details;
        details.command = {"/bin/sh"};
        details.environment = {"PATH=/bin:/usr/bin"};
        details.workingDirectory = "/";
        details.layers = {{"sha256:" + hexOf("one"), "sha256:" + hexOf("one"), 2'100'000, 412, "busybox and its links"},
                          {"sha256:" + hexOf("two"), "sha256:" + hexOf("two2"), 1'204, 3, "COPY etc /etc"}};
        call.reply(protocol::InspectImage::Reply{*image, details});
    } else if (method == "Images.Import") {
        call.reply(protocol::ImportImage::Reply{.progress = protocol::ImportProgress{"unpacking layer 1 of 2", 40, 100}}, true);
        images.push_back(makeImage("imported:latest", 1 << 20));
        call.reply(protocol::ImportImage::Reply{.images = {images.back()}});
        publish({.images = {images.back()}});
    } else if (method == "Images.Remove") {
        const std::string name = call.message.parameters.value("image", std::string());
        const auto image = std::ranges::find_if(images, [&](const auto& candidate) { return candidate.references.front() == name; });
        const std::string id = image->id;
        images.erase(image);
        call.reply(protocol::Empty{});
        publish({.removedImages = {id}});
    } else {
        return false;
    }
    return true;
}

} // namespace rocker::gui
