#include "tests/fuzz/targets.h"

#include "engine/base/frame.h"
#include "engine/base/time.h"
#include "engine/image/commit_messages.h"
#include "engine/image/documents.h"
#include "engine/image/reference.h"
#include "engine/image/registry_messages.h"
#include "engine/image/usage.h"
#include "engine/image/worker_messages.h"
#include "engine/layout/images.h"
#include "engine/spec/spec.h"
#include "helper/fetch/challenge.h"
#include "helper/fetch/manifest.h"
#include "helper/fetch/remote_reference.h"
#include "helper/protocol/system.h"
#include "helper/protocol/varlink.h"

#include <array>

namespace rocker::fuzz {

namespace {

template<typename T>
std::optional<T> as(std::string_view bytes, json::UnknownKeys unknown)
{
    const auto value = json::parseUnambiguous(bytes);
    auto read = value ? json::read<T>(*value, unknown) : Result<T>(fail(value.error()));
    return read ? std::optional(std::move(*read)) : std::nullopt;
}

void readWorkers(std::string_view bytes)
{
    using enum json::UnknownKeys;
    if (const auto outcome = as<image::IndexOutcome>(bytes, Refuse))
        (void)image::checkIndexOutcome(*outcome);
    if (const auto outcome = as<image::StreamOutcome>(bytes, Refuse))
        (void)image::checkStreamOutcome(*outcome, {});
    if (const auto outcome = as<image::UnpackOutcome>(bytes, Refuse))
        (void)image::checkUnpackOutcome(*outcome);
    if (const auto outcome = as<image::PullOutcome>(bytes, Refuse))
        (void)image::checkPullOutcome(*outcome);
    if (const auto outcome = as<image::TagsOutcome>(bytes, Refuse))
        (void)image::checkTagsOutcome(*outcome);
    if (const auto outcome = as<image::SearchOutcome>(bytes, Refuse))
        (void)image::checkSearchOutcome(*outcome);
    if (const auto outcome = as<image::LoginOutcome>(bytes, Refuse))
        (void)image::checkLoginOutcome(*outcome);
    if (const auto outcome = as<image::PushOutcome>(bytes, Refuse))
        (void)image::checkPushOutcome(*outcome, "sha256:0");
    (void)as<image::CommitRequest>(bytes, Refuse);
}

// What is written reads the same again.
template<typename T>
void readTwice(std::string_view bytes)
{
    const auto first = json::readText<T>(bytes, json::UnknownKeys::Ignore);
    if (!first)
        return;
    const std::string written = json::dump(json::write(*first));
    const auto second = json::readText<T>(written, json::UnknownKeys::Refuse);
    require(second && json::dump(json::write(*second)) == written, "what was written reads the same");
}

void readDocuments(std::string_view bytes)
{
    readTwice<image::Index>(bytes);
    readTwice<image::Manifest>(bytes);
    readTwice<image::Configuration>(bytes);
    readTwice<image::ArchiveManifest>(bytes);
    readTwice<image::ImageRecord>(bytes);
    image::ArchivedImage image;
    (void)layout::applyConfiguration(image, std::string(bytes));
}

void readRegistry(std::string_view bytes)
{
    for (const fetch::Challenge& challenge : fetch::parseChallenges(bytes))
        require(!challenge.scheme.empty(), "a challenge has a scheme");
    const std::size_t line = std::min(bytes.find('\n'), bytes.size());
    const std::string_view rest = bytes.substr(std::min(line + 1, bytes.size()));
    const auto manifest = fetch::readManifest(bytes.substr(0, line), rest);
    if (manifest && std::holds_alternative<fetch::ReadManifest>(*manifest))
        (void)fetch::checkConfiguration(rest, std::get<fetch::ReadManifest>(*manifest).manifest, {});
}

void readReference(std::string_view bytes)
{
    if (const auto reference = image::normalizedReference(bytes)) {
        const auto again = image::normalizedReference(*reference);
        require(again && *again == *reference, "a reference in normal form is in normal form");
    }
    (void)image::referenceFromFileName(bytes, "latest");
    if (const auto places = fetch::resolveReference(bytes, {}))
        for (const fetch::RemoteReference& place : *places)
            require(!place.registry.empty() && !place.repository.empty(), "a reference has a registry and a repository");
    if (const auto seconds = secondsOf(bytes))
        require(secondsOf(timestampOf(*seconds)) == seconds, "a time reads the same again");
    (void)image::labelFits({{"a", "b"}}, bytes);
}

void readRuntime(std::string_view bytes)
{
    if (const auto spec = spec::parse(bytes))
        (void)spec::validate(*spec);
    if (const auto process = spec::parseProcess(bytes))
        (void)spec::validate(*process);
}

void readWire(std::string_view bytes)
{
    protocol::MessageBuffer buffer(1 << 16);
    buffer.append(bytes);
    while (const auto message = buffer.next()) {
        if (const auto call = protocol::decodeCall(*message)) {
            (void)json::read<protocol::CommitContainer::Parameters>(call->parameters, json::UnknownKeys::Refuse);
            (void)json::read<protocol::PruneImages::Parameters>(call->parameters, json::UnknownKeys::Refuse);
            (void)json::read<protocol::ReadFiles::Parameters>(call->parameters, json::UnknownKeys::Refuse);
            (void)json::read<protocol::Create::Parameters>(call->parameters, json::UnknownKeys::Refuse);
        }
        if (const auto answer = protocol::decodeAnswer(*message); answer && !answer->error.empty())
            (void)protocol::errorOf(*answer);
    }
    FrameReader frames;
    frames.append(bytes);
    while (const auto frame = frames.next()) {
        require(frame->payload.size() <= framePayloadLimit, "a frame is no larger than it may be");
        (void)readResize(frame->payload);
        (void)readExit(frame->payload);
    }
}

constexpr std::array targets{
    Target{"workers", readWorkers},     Target{"documents", readDocuments}, Target{"registry", readRegistry},
    Target{"reference", readReference}, Target{"runtime", readRuntime},     Target{"wire", readWire},
};

} // namespace

std::span<const Target> documentTargets()
{
    return targets;
}

} // namespace rocker::fuzz
