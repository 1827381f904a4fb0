#include "helper/services/system_service.h"

#include "engine/image/usage.h"
#include "engine/os/tree_size.h"

#include <algorithm>
#include <memory>
#include <sys/mman.h>

// DiskUsage: images from the store's records, containers by looking at their directories, in a child.
namespace rocker {

namespace {

using protocol::UsageRow;

// Numbers that a child writes and its parent reads.
class SharedNumbers
{
public:
    explicit SharedNumbers(std::size_t count)
        : m_size(std::max<std::size_t>(count, 1) * sizeof(std::int64_t)),
          m_memory(::mmap(nullptr, m_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))
    {
    }
    SharedNumbers(const SharedNumbers&) = delete;
    ~SharedNumbers()
    {
        if (valid())
            ::munmap(m_memory, m_size);
    }
    bool valid() const { return m_memory != MAP_FAILED; }
    std::int64_t& operator[](std::size_t i) { return static_cast<std::int64_t*>(m_memory)[i]; }

private:
    std::size_t m_size;
    void* m_memory;
};

UsageRow& rowOf(std::vector<UsageRow>& rows, std::string_view kind, std::int64_t owner)
{
    const auto found = std::ranges::find_if(rows, [&](const UsageRow& row) { return row.kind == kind && row.owner == owner; });
    return found != rows.end() ? *found : rows.emplace_back(UsageRow{.kind = std::string(kind), .owner = owner});
}

void addImages(protocol::DiskUsage::Reply& reply, const std::vector<image::StoredImage>& images,
               const std::map<std::string, std::int64_t>& users)
{
    const image::Usage all(images);
    reply.total = all.total();
    std::map<uid_t, std::vector<image::StoredImage>> byOwner;
    for (const image::StoredImage& image : images) {
        const image::Footprint footprint = all.of(image);
        const auto used = users.find(image.id);
        reply.images.push_back({image.id, image.references, image.owner, footprint.own, footprint.shared,
                                used == users.end() ? 0 : used->second});
        byOwner[image.owner].push_back(image);
    }
    for (const auto& [owner, owned] : byOwner) {
        UsageRow& row = rowOf(reply.rows, "images", owner);
        row.count = std::int64_t(owned.size());
        row.size = image::Usage(owned).total();
        image::Usage without = all;
        for (const image::StoredImage& image : owned) {
            const bool active = users.contains(image.id);
            row.active += active;
            row.reclaimable += active ? 0 : without.remove(image);
        }
    }
}

} // namespace

void SystemService::handle(Request<protocol::DiskUsage> request)
{
    const auto images = m_sources.images();
    if (!images)
        return request.fail(images.error());
    const auto places = std::make_shared<const std::vector<ContainerService::Place>>(m_sources.containers(request.caller()));
    const auto sizes = std::make_shared<SharedNumbers>(places->size());
    if (!sizes->valid())
        return request.fail(Error::fromErrno(errno).in("measure the containers"));
    std::map<std::string, std::int64_t> users;
    for (const ContainerService::Place& place : *places)
        ++users[place.imageId];
    protocol::DiskUsage::Reply reply;
    addImages(reply, *images, users);
    const auto shared = std::make_shared<Request<protocol::DiskUsage>>(std::move(request));
    m_jobs.run(
        [places, sizes]() -> Result<> {
            for (std::size_t i = 0; i < places->size(); ++i)
                for (const std::string& directory : (*places)[i].directories)
                    (*sizes)[i] += os::treeSize(directory);
            return {};
        },
        [shared, places, sizes, reply](const Result<>& measured) mutable {
            if (!measured)
                return shared->fail(measured.error());
            for (std::size_t i = 0; i < places->size(); ++i) {
                protocol::ContainerUsage usage = (*places)[i].container;
                usage.size = (*sizes)[i];
                UsageRow& row = rowOf(reply.rows, "containers", usage.owner);
                ++row.count;
                row.active += usage.running;
                row.size += usage.size;
                row.reclaimable += usage.running ? 0 : usage.size;
                reply.total += usage.size;
                reply.containers.push_back(std::move(usage));
            }
            shared->reply(reply);
        });
}

} // namespace rocker
