#include "engine/runtime/command.h"

namespace rocker::runtime {

static std::string describe(std::span<const Option> options)
{
    std::string text;
    for (const Option& option : options) {
        if (option.help.empty())
            continue;
        std::string left = option.letter ? std::format("-{}, --{}", option.letter, option.name) : std::format("    --{}", option.name);
        if (!option.value.empty())
            left += std::format(" {}", option.value);
        text += std::format("   {:<34} {}\n", left, option.help);
    }
    return text;
}

std::string helpOf(std::string_view program, const Command& command)
{
    std::string text = std::format("NAME:\n   {} {} - {}\n\nUsage: {} [OPTION...] {}", program, command.name, command.summary,
                                   program, command.name);
    if (!command.arguments.empty())
        text += std::format(" {}", command.arguments);
    text += '\n';
    if (!command.description.empty())
        text += std::format("\n{}\n", command.description);
    text += std::format("\nOPTIONS:\n{}   {:<34} {}\n", describe(command.options), "-h, --help", "show this");
    return text;
}

std::string generalHelp(std::string_view program)
{
    std::string text = std::format("NAME:\n   {} - Open Container Initiative runtime\n\n"
                                   "Usage: {} [GLOBAL OPTION...] COMMAND [OPTION...] [ARGUMENT...]\n\nCOMMANDS:\n",
                                   program, program);
    for (const Command& command : commands())
        text += std::format("   {:<12} {}\n", command.name, command.summary);
    text += std::format("   {:<12} {}\n", "help", "show the help of a command");
    text += std::format("\nGLOBAL OPTIONS:\n{}", describe(globalOptions()));
    return text;
}

static std::string wordsOf(std::span<const Option> options)
{
    std::string words = "--help";
    for (const Option& option : options)
        if (!option.help.empty())
            words += std::format(" --{}", option.name);
    return words;
}

std::string completionFor(std::string_view program)
{
    std::string names;
    std::string cases;
    for (const Command& command : commands()) {
        names += std::format("{} ", command.name);
        cases += std::format("        {})\n            COMPREPLY=($(compgen -W '{}", command.name, wordsOf(command.options));
        cases += command.arguments.starts_with("CONTAINER") ? std::format(" '\"$({} list -q 2>/dev/null)\" -- \"$word\"))\n", program)
                                                            : "' -- \"$word\"))\n";
        cases += "            return ;;\n";
    }
    return std::format("_rocker_runtime() {{\n"
                       "    local word=${{COMP_WORDS[COMP_CWORD]}} i\n"
                       "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
                       "        case ${{COMP_WORDS[i]}} in\n{}        esac\n    done\n"
                       "    COMPREPLY=($(compgen -W '{}help {}' -- \"$word\"))\n}}\n"
                       "complete -o default -F _rocker_runtime {}\n",
                       cases, names, wordsOf(globalOptions()), program);
}

} // namespace rocker::runtime
