#pragma once

#include "gui/models/roles.h"
#include "helper/protocol/containers.h"

#include <QDateTime>
#include <QString>

#include <string>
#include <vector>

// Values as people read them.
namespace rocker::gui {

QString text(const std::string& utf8);
// An error's text as a sentence: a capital at its beginning, a full stop at its end.
QString sentence(const QString& text);
// "2.4 MiB".
QString sizeText(std::int64_t bytes);
// RFC 3339 to local time; invalid for an empty text.
QDateTime timeOf(const std::string& rfc3339);
// "just now", "5 minutes ago", "3 days ago"; empty for an invalid time.
QString ageText(const QDateTime& then, const QDateTime& now);
// The first 12 digits, without "sha256:".
QString shortId(const std::string& id);
// For a tool tip: text of strangers that shows as it is, whatever it looks like.
QString plainToolTip(const QString& text);
// As it could be typed into a shell.
QString commandText(const std::vector<std::string>& command);

QString stateText(const protocol::Container& container);
Tone stateTone(const protocol::Container& container);
// Why and how it ended, as a sentence: "It was ended by signal 9 (KILL)."
QString endText(std::int64_t exitCode, bool oomKilled);
bool isAlive(protocol::ContainerState state);

} // namespace rocker::gui
