#pragma once

#include <QByteArray>
#include <QList>
#include <QMap>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTimer>

#include <functional>

// An HTTP server that says whatever a test wants, on loopback and in the test's own thread: one answer a connection.
struct FakeRequest {
    QByteArray method;
    QByteArray path; // with its query
    QMap<QByteArray, QByteArray> fields; // names in lower case
    QByteArray body;
};

struct FakeAnswer {
    int status = 200;
    QByteArray body;
    QList<std::pair<QByteArray, QByteArray>> fields;
    qsizetype cutAfter = -1;      // bytes of the body, then the connection breaks
    qint64 announced = -1;        // Content-Length, when it is not the body's; -2: none, the end is the connection's
    bool chunked = false;
    bool silent = false;          // nothing is ever said
    bool stalls = false;          // after cutAfter bytes nothing more comes, and the connection stays
};

class FakeRegistry : public QTcpServer
{
public:
    using Handler = std::function<FakeAnswer(const FakeRequest&)>;

    explicit FakeRegistry(Handler handler) : m_handler(std::move(handler))
    {
        listen(QHostAddress::LocalHost);
        connect(this, &QTcpServer::newConnection, this, [this] {
            while (QTcpSocket* socket = nextPendingConnection()) {
                connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
                connect(socket, &QTcpSocket::readyRead, this, [this, socket] { read(socket); });
            }
        });
    }
    std::string host() const { return "127.0.0.1:" + std::to_string(serverPort()); }
    const QList<FakeRequest>& requests() const { return m_requests; }
    int count(const QByteArray& part) const
    {
        return int(std::count_if(m_requests.begin(), m_requests.end(),
            [&](const FakeRequest& request) { return request.path.contains(part); }));
    }
    qint64 sentBytes() const { return m_sent; }
    // Breaks connections off after so many bytes of what a request sends, -1 for not; `broken` hears of what came.
    std::function<qsizetype(const FakeRequest& head)> cutRequest;
    std::function<void(const FakeRequest&)> broken;

private:
    void read(QTcpSocket* socket)
    {
        QByteArray& input = m_inputs[socket];
        input += socket->readAll();
        const qsizetype end = input.indexOf("\r\n\r\n");
        if (end < 0)
            return;
        FakeRequest request;
        const QList<QByteArray> lines = input.left(end).split('\n');
        request.method = lines[0].split(' ').value(0);
        request.path = lines[0].split(' ').value(1);
        for (const QByteArray& line : lines.mid(1))
            request.fields[line.left(line.indexOf(':')).trimmed().toLower()]
                = line.mid(line.indexOf(':') + 1).trimmed();
        request.body = input.mid(end + 4);
        const qsizetype cut = cutRequest ? cutRequest(request) : -1;
        if (cut >= 0 && request.body.size() >= cut) {
            request.body.truncate(cut);
            m_inputs.remove(socket);
            m_requests += request;
            if (broken)
                broken(request);
            socket->abort();
            return;
        }
        if (request.body.size() < request.fields.value("content-length").toLongLong())
            return;
        m_inputs.remove(socket);
        m_requests += request;
        send(socket, m_handler(request));
    }
    void send(QTcpSocket* socket, const FakeAnswer& answer)
    {
        if (answer.silent)
            return;
        QByteArray head = "HTTP/1.1 " + QByteArray::number(answer.status) + " Word\r\nConnection: close\r\n";
        if (answer.chunked)
            head += "Transfer-Encoding: chunked\r\n";
        else if (answer.announced != -2)
            head += "Content-Length: "
                + QByteArray::number(answer.announced >= 0 ? answer.announced : answer.body.size()) + "\r\n";
        for (const auto& [name, value] : answer.fields)
            head += name + ": " + value + "\r\n";
        QByteArray body = answer.body;
        if (answer.chunked) {
            const qsizetype half = body.size() / 2;
            const auto chunk = [](const QByteArray& part) {
                return part.isEmpty() ? QByteArray() : QByteArray::number(part.size(), 16) + "\r\n" + part + "\r\n";
            };
            body = chunk(body.left(half)) + chunk(body.mid(half)) + "0\r\n\r\n";
        }
        if (answer.cutAfter >= 0)
            body.truncate(answer.cutAfter);
        m_sent += body.size();
        socket->write(head + "\r\n" + body);
        if (!answer.stalls)
            socket->disconnectFromHost();
    }

    Handler m_handler;
    QList<FakeRequest> m_requests;
    QMap<QTcpSocket*, QByteArray> m_inputs;
    qint64 m_sent = 0;
};
