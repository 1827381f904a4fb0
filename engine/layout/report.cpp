#include "engine/layout/report.h"

#include "engine/json/json.h"

#include <array>
#include <optional>

namespace rocker::layout {

namespace {

using layers::Change;
using layers::Difference;
using layers::ImageTree;
using layers::Kind;
using layers::Record;

constexpr std::array<std::string_view, 4> changeNames{"", "added", "changed", "removed"};
constexpr std::array<std::string_view, 4> changeMarks{" ", "+", "~", "-"};
constexpr std::array<std::string_view, 7> kindNames{"file",         "directory", "symbolic link", "character device",
                                                    "block device", "fifo",      "whiteout"};

const Record& recordOf(const Side& side, std::uint32_t node)
{
    return side.tree.record(node);
}

std::optional<std::uint64_t> sizeOf(const Side& side, std::uint32_t node)
{
    if (node == ImageTree::none || recordOf(side, node).kind != Kind::File)
        return std::nullopt;
    return recordOf(side, node).size;
}

std::string sizeText(std::optional<std::uint64_t> size)
{
    return size ? std::to_string(*size) : "-";
}

// Controls and what is no UTF-8 as "\x1b": a report is looked at in terminals.
std::string harmless(std::string_view text)
{
    std::string shown;
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = std::uint8_t(text[i]);
        const std::size_t length = lead < 0x80 ? 1 : lead >= 0xf0 && lead < 0xf5 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
        bool fine = length > 0 && lead < 0xf5 && i + length <= text.size() && lead >= 0x20 && lead != 0x7f;
        for (std::size_t j = 1; fine && j < length; ++j)
            fine = (std::uint8_t(text[i + j]) & 0xc0) == 0x80;
        const std::string_view piece = text.substr(i, fine ? length : 1);
        // C1 controls, and what turns the direction of writing or has no width.
        const bool hidden = fine
            && ((length == 2 && lead == 0xc2 && std::uint8_t(piece[1]) < 0xa0)
                || (length == 3 && piece.starts_with("\xe2\x80")
                    && (std::uint8_t(piece[2]) - 0x8bU <= 4 || std::uint8_t(piece[2]) - 0xa8U <= 6))
                || (length == 3 && piece.starts_with("\xe2\x81") && std::uint8_t(piece[2]) >= 0xa0));
        if (fine && !hidden)
            shown += piece;
        else
            for (const char c : piece)
                shown += std::format("\\x{:02x}", std::uint8_t(c));
        i += piece.size();
    }
    return shown;
}

std::string escaped(std::string_view text)
{
    std::string html;
    for (const char c : harmless(text)) {
        switch (c) {
        case '<': html += "&lt;"; break;
        case '>': html += "&gt;"; break;
        case '&': html += "&amp;"; break;
        case '"': html += "&quot;"; break;
        default: html += c;
        }
    }
    return html;
}

std::vector<std::string> aspectsOf(const Difference& difference)
{
    std::vector<std::string> names;
    const std::pair<bool, const char*> parts[]{{difference.kind, "kind"},   {difference.content, "content"}, {difference.mode, "mode"},
                                               {difference.owner, "owner"}, {difference.link, "target"},     {difference.xattrs, "attributes"},
                                               {difference.time, "time"}};
    for (const auto& [differs, name] : parts)
        if (differs)
            names.emplace_back(name);
    return names;
}

struct Counts {
    std::size_t added = 0, changed = 0, removed = 0;
    explicit Counts(const std::vector<Difference>& differences)
    {
        for (const Difference& difference : differences) {
            added += difference.change == Change::Added;
            changed += difference.change == Change::Changed;
            removed += difference.change == Change::Removed;
        }
    }
    std::string text() const { return std::format("{} added, {} changed, {} removed", added, changed, removed); }
};

std::string_view changeOf(const SettingDifference& setting)
{
    return changeNames[!setting.first ? 1 : setting.second ? 2 : 3];
}

std::string textReport(const Side& first, const Side& second, const std::vector<Difference>& differences)
{
    std::string report = std::format("From {}\nto   {}\n\n{}\n", harmless(first.name), harmless(second.name), Counts(differences).text());
    for (const Difference& difference : differences)
        report += std::format("{} /{}  ({})  {} -> {}\n", changeMarks[std::size_t(difference.change)], harmless(difference.path),
                              whatDiffers(first, second, difference), sizeText(sizeOf(first, difference.first)),
                              sizeText(sizeOf(second, difference.second)));
    if (const auto settings = compareSettings(first.settings, second.settings); !settings.empty()) {
        report += "\nConfiguration\n";
        for (const SettingDifference& setting : settings)
            report += std::format("{} {}: {} -> {}\n", !setting.first ? "+" : setting.second ? "~" : "-", harmless(setting.name),
                                  setting.first ? harmless(setting.before) : "-", setting.second ? harmless(setting.after) : "-");
    }
    return report;
}

std::string jsonReport(const Side& first, const Side& second, const std::vector<Difference>& differences)
{
    json::Value rows = json::Value::array();
    for (const Difference& difference : differences) {
        json::Value row{{"path", "/" + difference.path}, {"change", changeNames[std::size_t(difference.change)]},
                        {"what", difference.change == Change::Changed ? aspectsOf(difference) : std::vector<std::string>()}};
        if (const auto size = sizeOf(first, difference.first))
            row["sizeBefore"] = *size;
        if (const auto size = sizeOf(second, difference.second))
            row["sizeAfter"] = *size;
        rows.push_back(std::move(row));
    }
    json::Value settings = json::Value::array();
    for (const SettingDifference& setting : compareSettings(first.settings, second.settings)) {
        json::Value row{{"name", setting.name}, {"change", changeOf(setting)}};
        if (setting.first)
            row["before"] = setting.before;
        if (setting.second)
            row["after"] = setting.after;
        settings.push_back(std::move(row));
    }
    const Counts counts(differences);
    return json::dumpPretty({{"first", first.name}, {"second", second.name}, {"added", counts.added}, {"changed", counts.changed},
                             {"removed", counts.removed}, {"configuration", std::move(settings)}, {"differences", std::move(rows)}});
}

constexpr std::string_view style = R"(body { font: 15px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 80em; padding: 0 1em; color-scheme: light dark }
table { border-collapse: collapse; width: 100% } th { text-align: left; border-bottom: 1px solid #8886; position: sticky; top: 0; background: Canvas }
td, th { padding: 3px 16px 3px 0; vertical-align: top } .path { font-family: monospace; overflow-wrap: anywhere }
.size { text-align: right; white-space: nowrap } .added { color: #1a8f50 } .changed { color: #b06a00 } .removed { color: #c4302b }
)";

std::string htmlReport(const Side& first, const Side& second, const std::vector<Difference>& differences)
{
    const std::string title = std::format("{} and {}", escaped(first.name), escaped(second.name));
    std::string report = std::format("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{}</title>\n<style>\n{}</style>\n"
                                     "<h1>{}</h1>\n<p>{}</p>\n", title, style, title, Counts(differences).text());
    if (const auto settings = compareSettings(first.settings, second.settings); !settings.empty()) {
        report += "<h2>Configuration</h2>\n<table>\n<tr><th>Change</th><th>Setting</th><th>Before</th><th>After</th></tr>\n";
        for (const SettingDifference& setting : settings)
            report += std::format("<tr><td class=\"{0}\">{0}</td><td>{1}</td><td class=\"path\">{2}</td><td class=\"path\">{3}</td></tr>\n",
                                  changeOf(setting), escaped(setting.name), escaped(setting.before), escaped(setting.after));
        report += "</table>\n";
    }
    report += "<h2>Files</h2>\n<table>\n<tr><th>Change</th><th>Path</th><th>What</th><th class=\"size\">Bytes before</th>"
              "<th class=\"size\">Bytes after</th></tr>\n";
    for (const Difference& difference : differences)
        report += std::format("<tr><td class=\"{0}\">{0}</td><td class=\"path\">/{1}</td><td>{2}</td><td class=\"size\">{3}</td>"
                              "<td class=\"size\">{4}</td></tr>\n",
                              changeNames[std::size_t(difference.change)], escaped(difference.path),
                              escaped(whatDiffers(first, second, difference)), sizeText(sizeOf(first, difference.first)),
                              sizeText(sizeOf(second, difference.second)));
    return report + "</table>\n</html>\n";
}

} // namespace

std::string wordsText(const std::vector<std::string>& words)
{
    return words.empty() ? "" : json::dump(json::Value(words));
}

std::vector<SettingDifference> compareSettings(const Settings& first, const Settings& second)
{
    Settings names = first;
    names.insert(second.begin(), second.end());
    std::vector<SettingDifference> differences;
    for (const auto& [name, ignored] : names) {
        const auto before = first.find(name);
        const auto after = second.find(name);
        SettingDifference difference{name, before != first.end(), after != second.end()};
        if (difference.first)
            difference.before = before->second;
        if (difference.second)
            difference.after = after->second;
        if (difference.first != difference.second || difference.before != difference.after)
            differences.push_back(std::move(difference));
    }
    return differences;
}

std::string whatDiffers(const Side& first, const Side& second, const Difference& difference)
{
    if (difference.change != Change::Changed) {
        const Record& record = difference.second != ImageTree::none ? recordOf(second, difference.second) : recordOf(first, difference.first);
        return std::string(kindNames[std::size_t(record.kind)]);
    }
    const Record& before = recordOf(first, difference.first);
    const Record& after = recordOf(second, difference.second);
    std::string what;
    for (const std::string& aspect : aspectsOf(difference)) {
        what += (what.empty() ? "" : ", ") + aspect;
        if (aspect == "kind")
            what += std::format(" {} → {}", kindNames[std::size_t(before.kind)], kindNames[std::size_t(after.kind)]);
        else if (aspect == "mode")
            what += std::format(" {:04o} → {:04o}", before.mode, after.mode);
        else if (aspect == "owner")
            what += std::format(" {}:{} → {}:{}", before.uid, before.gid, after.uid, after.gid);
    }
    return what;
}

std::string writeReport(const Side& first, const Side& second, const std::vector<Difference>& differences, ReportForm form)
{
    switch (form) {
    case ReportForm::Json:
        return jsonReport(first, second, differences);
    case ReportForm::Html:
        return htmlReport(first, second, differences);
    case ReportForm::Text:
        break;
    }
    return textReport(first, second, differences);
}

} // namespace rocker::layout
