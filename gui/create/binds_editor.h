#pragma once

#include "engine/base/result.h"
#include "helper/protocol/containers.h"

#include <QWidget>

class QCheckBox;
class QLabel;
class QLineEdit;
class QVBoxLayout;

namespace rocker::gui {

// Files and folders of this computer that the container sees: one line each, checked while typing.
class BindsEditor : public QWidget
{
    Q_OBJECT

public:
    explicit BindsEditor(QWidget* parent = nullptr);
    void addBind(const protocol::Bind& bind = {});
    // Lines that were left empty altogether do not count.
    Result<std::vector<protocol::Bind>> binds() const;
    // Shows beside each line what is wrong with it.
    void showProblems();

Q_SIGNALS:
    void changed();

private:
    struct Line {
        QWidget* widget;
        QLineEdit* source;
        QLineEdit* target;
        QCheckBox* readOnly;
        QLabel* problem;
    };
    QString problemOf(const Line& line) const;
    void browse(QLineEdit* source);
    QList<Line> m_lines;
    QVBoxLayout* m_column;
};

} // namespace rocker::gui
