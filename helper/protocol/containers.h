#pragma once

#include "helper/protocol/container.h"

// org.rockerworkstation.Containers. A `container` parameter is a full ID, a unique prefix of one, or a name.
namespace rocker::protocol {

struct Create {
    static constexpr std::string_view name = "Create";
    static constexpr std::string_view comment = "Makes a container from an image; nothing runs yet.";
    static constexpr Flow flow = Flow::Once;

    struct Parameters {
        std::string image;
        std::string name;
        std::vector<std::string> command;
        std::optional<std::vector<std::string>> entrypoint;
        std::vector<std::string> environment;
        std::string workingDirectory;
        std::string user;
        std::string hostname;
        std::vector<Bind> binds;
        Limits limits;
        std::vector<std::string> capabilitiesAdd;
        std::vector<std::string> capabilitiesDrop;
        bool tty = false;
        bool interactive = false;
        bool removeOnExit = false;

        static constexpr auto fields()
        {
            using json::defaulted;
            using P = Parameters;
            return std::tuple(json::required("image", &P::image),
                              defaulted("name", &P::name, "chosen for you when empty"),
                              defaulted("command", &P::command, "the image's when empty"),
                              defaulted("entrypoint", &P::entrypoint, "instead of the image's"),
                              defaulted("environment", &P::environment, "NAME=value, after the image's"),
                              defaulted("workingDirectory", &P::workingDirectory), defaulted("user", &P::user),
                              defaulted("hostname", &P::hostname, "the first 12 digits of the ID when empty"),
                              defaulted("binds", &P::binds), defaulted("limits", &P::limits),
                              defaulted("capabilitiesAdd", &P::capabilitiesAdd),
                              defaulted("capabilitiesDrop", &P::capabilitiesDrop), defaulted("tty", &P::tty),
                              defaulted("interactive", &P::interactive), defaulted("removeOnExit", &P::removeOnExit));
        }
    };
    struct Reply {
        Container container;
        static constexpr auto fields() { return std::tuple(json::required("container", &Reply::container)); }
    };
};

// Columns and rows of a terminal.
struct TerminalSize {
    std::uint16_t columns = 80;
    std::uint16_t rows = 24;

    bool operator==(const TerminalSize&) const = default;
    static constexpr auto fields()
    {
        return std::tuple(json::required("columns", &TerminalSize::columns), json::required("rows", &TerminalSize::rows));
    }
};

struct ContainerParameter {
    std::string container;
    static constexpr auto fields()
    {
        return std::tuple(json::required("container", &ContainerParameter::container));
    }
};

struct ContainerReply {
    Container container;
    static constexpr auto fields() { return std::tuple(json::required("container", &ContainerReply::container)); }
};

struct Start {
    static constexpr std::string_view name = "Start";
    static constexpr std::string_view comment = "Runs a container's command; replies when it is running or cannot be.";
    static constexpr Flow flow = Flow::Once;
    struct Parameters {
        std::string container;
        std::optional<TerminalSize> size;
        static constexpr auto fields()
        {
            return std::tuple(json::required("container", &Parameters::container),
                              json::defaulted("size", &Parameters::size, "of the terminal before the first byte"));
        }
    };
    using Reply = ContainerReply;
};

struct Stop {
    static constexpr std::string_view name = "Stop";
    static constexpr std::string_view comment = "Sends the stop signal, waits, then kills; replies when it has ended.";
    static constexpr Flow flow = Flow::Once;
    struct Parameters {
        std::string container;
        std::int64_t graceSeconds = 10;
        static constexpr auto fields()
        {
            return std::tuple(json::required("container", &Parameters::container),
                              json::defaulted("graceSeconds", &Parameters::graceSeconds, "0 to 3600; 10 when absent"));
        }
    };
    using Reply = ContainerReply;
};

struct Kill {
    static constexpr std::string_view name = "Kill";
    static constexpr std::string_view comment = "Sends a signal to the container's first process.";
    static constexpr Flow flow = Flow::Once;
    struct Parameters {
        std::string container;
        std::string signal = "KILL";
        static constexpr auto fields()
        {
            return std::tuple(json::required("container", &Parameters::container),
                              json::defaulted("signal", &Parameters::signal, "\"TERM\", \"SIGTERM\" or \"15\"; KILL when absent"));
        }
    };
    using Reply = Empty;
};

struct Pause {
    static constexpr std::string_view name = "Pause";
    static constexpr std::string_view comment = "Freezes every process of a container.";
    static constexpr Flow flow = Flow::Once;
    using Parameters = ContainerParameter;
    using Reply = ContainerReply;
};

struct Resume {
    static constexpr std::string_view name = "Resume";
    static constexpr std::string_view comment = "Thaws a paused container.";
    static constexpr Flow flow = Flow::Once;
    using Parameters = ContainerParameter;
    using Reply = ContainerReply;
};

struct Remove {
    static constexpr std::string_view name = "Remove";
    static constexpr std::string_view comment
        = "Deletes a container and everything of it; a running one only with force.";
    static constexpr Flow flow = Flow::Once;
    struct Parameters {
        std::string container;
        bool force = false;
        static constexpr auto fields()
        {
            return std::tuple(json::required("container", &Parameters::container),
                              json::defaulted("force", &Parameters::force, "kill it first"));
        }
    };
    using Reply = Empty;
};

struct Rename {
    static constexpr std::string_view name = "Rename";
    static constexpr std::string_view comment = "Gives a container another name.";
    static constexpr Flow flow = Flow::Once;
    struct Parameters {
        std::string container;
        std::string name;
        static constexpr auto fields()
        {
            return std::tuple(json::required("container", &Parameters::container),
                              json::required("name", &Parameters::name));
        }
    };
    using Reply = ContainerReply;
};

struct List {
    static constexpr std::string_view name = "List";
    static constexpr std::string_view comment = "The caller's containers, newest first.";
    static constexpr Flow flow = Flow::Once;
    using Parameters = Empty;
    struct Reply {
        std::vector<Container> containers;
        static constexpr auto fields() { return std::tuple(json::required("containers", &Reply::containers)); }
    };
};

struct Inspect {
    static constexpr std::string_view name = "Inspect";
    static constexpr std::string_view comment = "Everything that is known about one container.";
    static constexpr Flow flow = Flow::Once;
    using Parameters = ContainerParameter;
    struct Reply {
        Container container;
        ContainerDetails details;
        static constexpr auto fields()
        {
            return std::tuple(json::required("container", &Reply::container), json::required("details", &Reply::details));
        }
    };
};

struct Wait {
    static constexpr std::string_view name = "Wait";
    static constexpr std::string_view comment = "Replies when the container has ended; at once when it is not running.";
    static constexpr Flow flow = Flow::Once;
    using Parameters = ContainerParameter;
    using Reply = ContainerReply;
};

struct Logs {
    static constexpr std::string_view name = "Logs";
    static constexpr std::string_view comment = "What the container printed, as frames; with follow until it ends.";
    static constexpr Flow flow = Flow::Upgrade;
    struct Parameters {
        std::string container;
        bool follow = false;
        std::optional<std::int64_t> tailBytes;
        static constexpr auto fields()
        {
            return std::tuple(json::required("container", &Parameters::container),
                              json::defaulted("follow", &Parameters::follow),
                              json::defaulted("tailBytes", &Parameters::tailBytes,
                                              "only about the last so many bytes"));
        }
    };
    using Reply = Empty;
};

struct Attach {
    static constexpr std::string_view name = "Attach";
    static constexpr std::string_view comment
        = "Joins a container's terminal or pipes, as frames; of one that has ended, its last screen and exit code.";
    static constexpr Flow flow = Flow::Upgrade;
    struct Parameters {
        std::string container;
        bool replay = true;
        std::optional<TerminalSize> size;
        static constexpr auto fields()
        {
            return std::tuple(json::required("container", &Parameters::container),
                              json::defaulted("replay", &Parameters::replay,
                                              "first what this run has printed so far (the last MiB); true when absent"),
                              json::defaulted("size", &Parameters::size));
        }
    };
    using Reply = Empty;
};

struct Exec {
    static constexpr std::string_view name = "Exec";
    static constexpr std::string_view comment = "Runs one more command in a running container, attached as frames.";
    static constexpr Flow flow = Flow::Upgrade;
    struct Parameters {
        std::string container;
        std::vector<std::string> command;
        std::vector<std::string> environment;
        std::string workingDirectory;
        std::string user;
        bool tty = false;
        bool interactive = false;
        std::optional<TerminalSize> size;
        static constexpr auto fields()
        {
            using json::defaulted;
            using P = Parameters;
            return std::tuple(json::required("container", &P::container), json::required("command", &P::command),
                              defaulted("environment", &P::environment), defaulted("workingDirectory", &P::workingDirectory),
                              defaulted("user", &P::user), defaulted("tty", &P::tty),
                              defaulted("interactive", &P::interactive), defaulted("size", &P::size));
        }
    };
    using Reply = Empty;
};

struct Containers {
    static constexpr std::string_view name = "org.rockerworkstation.Containers";
    static constexpr std::string_view comment = "Containers of the calling user.";
    using Methods = MethodList<Create, Start, Stop, Kill, Pause, Resume, Remove, Rename, List, Inspect, Wait, Logs, Attach, Exec>;
};

} // namespace rocker::protocol
