#include "helper/services/image_service.h"

#include "engine/base/time.h"
#include "engine/image/reference.h"
#include "engine/image/usage.h"
#include "helper/event/log.h"

#include <algorithm>

// Names given and taken, and the removal of what nobody needs.
namespace rocker {

namespace {

constexpr std::size_t labelsLimit = 64;
constexpr std::size_t labelLimit = 4096;

Result<> checkFilters(const protocol::PruneImages::Parameters& parameters)
{
    if (parameters.labels.size() > labelsLimit)
        return fail(ErrorCode::InvalidArgument, "labels: more than {}", labelsLimit);
    for (const std::string& label : parameters.labels)
        if (label.empty() || label == "!" || label.starts_with('=') || label.starts_with("!=") || label.size() > labelLimit)
            return fail(ErrorCode::InvalidArgument, "labels: '{}' is no label: write key, key=value, key!=value or !key",
                        label.substr(0, 100));
    return {};
}

// Why a filter keeps an image; empty when it goes.
std::string keptByFilters(const image::StoredImage& image, const protocol::PruneImages::Parameters& parameters)
{
    if (!parameters.all && !image.references.empty())
        return "has the name " + image.references.front();
    if (parameters.until) {
        const auto created = secondsOf(image.record.created);
        if (!created)
            return "does not tell when it was made";
        if (*created >= *parameters.until)
            return "is newer than asked for";
    }
    for (const std::string& label : parameters.labels)
        if (!image::labelFits(image.record.labels, label))
            return "does not fit the label " + label;
    return {};
}

} // namespace

std::string ImageService::inUse(const Caller& caller, const std::string& imageId) const
{
    const std::vector<User> users = m_usersOf ? m_usersOf(imageId) : std::vector<User>();
    if (users.empty())
        return {};
    const auto visible = std::ranges::find_if(users, [&](const User& user) { return caller.mayUse(user.owner); });
    if (visible == users.end())
        return "used by a container of another user";
    return std::format("used by the container '{}'{}", visible->name,
                       users.size() > 1 ? std::format(" and {} more", users.size() - 1) : "");
}

Result<protocol::PruneImages::Reply> ImageService::prune(const Caller& caller, const protocol::PruneImages::Parameters& parameters)
{
    TRY(checkFilters(parameters));
    const std::vector<image::StoredImage> images = TRY(m_store.images());
    image::Usage usage(images);
    protocol::PruneImages::Reply reply;
    std::vector<protocol::PruneRow> kept;
    for (const image::StoredImage& image : images) {
        std::string why = caller.mayUse(image.owner) ? inUse(caller, image.id) : "was brought by another user";
        if (why.empty())
            why = keptByFilters(image, parameters);
        if (!why.empty()) {
            kept.push_back({rowOf(image), 0, std::move(why)});
            continue;
        }
        if (!parameters.dryRun) {
            TRY(m_store.removeImage(image.id), "remove the image {}", image.id);
            m_events.imageRemoved(image.id);
        }
        reply.images.push_back({rowOf(image), usage.remove(image), {}});
        reply.freed += reply.images.back().freed;
    }
    if (!parameters.dryRun && !reply.images.empty())
        collect();
    reply.images.insert(reply.images.end(), std::make_move_iterator(kept.begin()), std::make_move_iterator(kept.end()));
    return reply;
}

Result<protocol::TagImage::Reply> ImageService::tag(const Caller& caller, const protocol::TagImage::Parameters& parameters)
{
    const image::StoredImage image = TRY(m_store.find(parameters.image));
    const std::string reference = TRY(image::normalizedReference(parameters.reference));
    const auto before = TRY(m_store.byReference(reference));
    if (before && before->id != image.id && !caller.mayUse(before->owner))
        return fail(ErrorCode::PermissionDenied, "'{}' names an image that was brought by another user", reference);
    TRY(m_store.setReference(reference, image.id));
    if (before && before->id != image.id)
        m_events.imageChanged(rowOf(TRY(m_store.find(before->id))));
    protocol::Image row = rowOf(TRY(m_store.find(image.id)));
    m_events.imageChanged(row);
    return protocol::TagImage::Reply{std::move(row), reference};
}

Result<protocol::Image> ImageService::untag(const Caller& caller, const std::string& text)
{
    const std::string reference = TRY(image::normalizedReference(text));
    const auto image = TRY(m_store.byReference(reference));
    if (!image)
        return fail(ErrorCode::NotFound, "no image has the name '{}'", reference);
    if (!caller.mayUse(image->owner))
        return fail(ErrorCode::PermissionDenied, "the image '{}' was brought by another user", reference);
    TRY(m_store.removeReference(reference));
    protocol::Image row = rowOf(TRY(m_store.find(image->id)));
    m_events.imageChanged(row);
    return row;
}

void ImageService::handle(Request<protocol::PruneImages> request)
{
    request.finish(prune(request.caller(), request.parameters()));
}

void ImageService::handle(Request<protocol::TagImage> request)
{
    request.finish(tag(request.caller(), request.parameters()));
}

void ImageService::handle(Request<protocol::UntagImage> request)
{
    const auto image = untag(request.caller(), request.parameters().reference);
    image ? request.reply({*image}) : request.fail(image.error());
}

} // namespace rocker
