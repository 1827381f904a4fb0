#pragma once

#include "helper/cli/arguments.h"
#include "helper/cli/client.h"
#include "helper/cli/output.h"

#include <functional>
#include <string>
#include <vector>

namespace rocker::cli {

// How the helper is reached.
struct Context {
    std::string socketPath;
    Result<Client> connect() const { return Client::connect(socketPath); }
};

// One command of `rocker`: its syntax, and what it does; the value is the exit code.
struct Command {
    Syntax syntax;
    Result<int> (*run)(const Context&, const Arguments&);
    bool runsContainer = false; // exits as the container did; failures of ours are 125, 126 and 127
};

const std::vector<Command>& allCommands();

// One per command, each in the file of its name.
Command attachCommand();
Command commitCommand();
Command createCommand();
Command diffCommand();
Command eventsCommand();
Command execCommand();
Command exportCommand();
Command imageCatCommand();
Command imageCheckCommand();
Command imageDiffCommand();
Command imageInspectCommand();
Command imageLayersCommand();
Command imagePackagesCommand();
Command imagePruneCommand();
Command imageRemoveCommand();
Command imageSbomCommand();
Command imageTagCommand();
Command imageTreeCommand();
Command imageUntagCommand();
Command imageWasteCommand();
Command imagesCommand();
Command importCommand();
Command infoCommand();
Command inspectCommand();
Command killCommand();
Command loginCommand();
Command logoutCommand();
Command logsCommand();
Command pauseCommand();
Command psCommand();
Command pullCommand();
Command pushCommand();
Command removeCommand();
Command renameCommand();
Command resumeCommand();
Command runCommand();
Command saveCommand();
Command searchCommand();
Command startCommand();
Command stopCommand();
Command systemUsageCommand();
Command tagsCommand();
Command versionCommand();
Command waitCommand();

// Does `action` for every operand and prints what it returns; what fails is told and does not stop the rest.
Result<int> forEachOperand(const Context& context, const Arguments& arguments,
                           const std::function<Result<std::string>(Client&, const std::string&)>& action);

// 125, 126 and 127 as scripts written for docker expect them.
int exitCodeOf(const Error& error, bool runsContainer);

// Everything `rocker` does with these words; the exit code.
int runProgram(const std::vector<std::string>& words);

} // namespace rocker::cli
