#pragma once

#include "gui/client/helper_client.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QStandardItemModel;

namespace rocker::gui {

class Table;

// What nobody needs: shows which images would go, how much space that frees and why the others stay, then removes them.
class PruneDialog : public QDialog
{
    Q_OBJECT

public:
    PruneDialog(HelperClient& client, QWidget* parent);

Q_SIGNALS:
    void pruned(const QString& what);

private:
    protocol::PruneImages::Parameters wishes(bool dryRun) const;
    void preview();
    void show(const Result<protocol::PruneImages::Reply>& reply);
    void submit();

    HelperClient& m_client;
    QCheckBox* m_all;
    QComboBox* m_age;
    QStandardItemModel* m_model;
    Table* m_table;
    QLabel* m_summary;
    QPushButton* m_accept;
    quint64 m_wish = 0;
};

} // namespace rocker::gui
