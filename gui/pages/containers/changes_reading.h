#pragma once

#include "gui/client/helper_client.h"
#include "gui/layers/searchable_tree.h"

#include <QObject>
#include <QPromise>

namespace rocker::gui {

// What a container has changed of its image, as a tree over the image's layers. Deletes itself at its end.
class ChangesReading : public QObject
{
    Q_OBJECT

public:
    ChangesReading(HelperClient& client, QObject* parent);
    ~ChangesReading() override;
    QFuture<Result<SharedTree>> start(const std::string& container);

private:
    void readChanges(const std::string& container);
    void readImage(layers::LayerIndex changes);
    void finish(Result<SharedTree> result);

    HelperClient& m_client;
    QPromise<Result<SharedTree>> m_promise;
    std::string m_image; // its ID
    bool m_over = false;
};

} // namespace rocker::gui
