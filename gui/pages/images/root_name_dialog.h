#pragma once

#include <QDialog>

class QLineEdit;
class QPushButton;

namespace rocker::gui {

class FormField;

// How the image of a root file system is to be called.
class RootNameDialog : public QDialog
{
    Q_OBJECT

public:
    explicit RootNameDialog(const QString& path, QWidget* parent = nullptr);
    // "Debian_12.tar.gz" is debian-12.
    static QString suggestion(const QString& path);

Q_SIGNALS:
    void named(const QString& path, const QString& reference);

private:
    void check();
    void submit();

    QString m_path;
    QLineEdit* m_name;
    FormField* m_field;
    QPushButton* m_accept;
};

} // namespace rocker::gui
