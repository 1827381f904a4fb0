#pragma once

#include "gui/layers/layer_source.h"
#include "gui/layers/line_diff.h"

#include <QPlainTextEdit>

namespace rocker::gui {

// What has changed from one version of a file to another, line by line, or in words why that is not shown.
class TextDifferenceView : public QPlainTextEdit
{
    Q_OBJECT

public:
    explicit TextDifferenceView(LayerSource& source, QWidget* parent = nullptr);

    struct Version {
        std::string image; // ImageContent::id
        std::size_t layer = 0;
        std::string path;
        layers::Record record;
    };
    // The newest call is what is shown in the end.
    void say(const QString& words);
    void compare(const Version& before, const Version& after);

private:
    void write(const QString& words);
    void read(quint64 wish, const Version& version, std::function<void(const QByteArray&)> then);
    void show(const std::vector<DiffLine>& lines);

    LayerSource& m_source;
    quint64 m_wish = 0;
};

} // namespace rocker::gui
