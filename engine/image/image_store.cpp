#include "engine/image/image_store.h"

#include "engine/image/digest.h"
#include "engine/image/reference.h"

#include <algorithm>
#include <set>

namespace rocker::image {

namespace {

constexpr std::string_view hexDigits = "0123456789abcdef";

// What may be meant as the beginning of an ID: hexadecimal digits, with or without "sha256:".
std::string idPrefix(std::string_view text)
{
    if (text.starts_with("sha256:"))
        text.remove_prefix(7);
    const bool hex = !text.empty() && text.size() <= 64 && text.find_first_not_of(hexDigits) == std::string_view::npos;
    return hex ? std::format("sha256:{}", text) : std::string();
}

// "name:tag" or "name" without the tag, normalized.
Result<std::string> nameOf(const std::string& text)
{
    const std::string reference = TRY(normalizedReference(text));
    return reference.substr(0, reference.rfind(':'));
}

std::string present(const StoredImage& image)
{
    return image.references.empty() ? image.id : image.references.front();
}

} // namespace

Result<> ImageStore::load(StoredImage& image)
{
    Result<> outcome;
    const char* const select = "SELECT record, owner, manifest, manifest_type FROM images WHERE id = ?";
    TRY(m_database.query(select, {image.id}, [&](const auto& row) {
        if (auto record = json::readText<ImageRecord>(row.text(0), json::UnknownKeys::Ignore))
            image.record = std::move(*record);
        else
            outcome = fail(std::move(record).error().in(image.id).as(ErrorCode::Corrupt));
        image.owner = uid_t(row.number(1));
        image.manifestDigest = row.text(2);
        image.manifestType = row.text(3);
    }));
    TRY(std::move(outcome));
    TRY(m_database.query("SELECT name FROM image_references WHERE image = ? ORDER BY name", {image.id},
                         [&](const auto& row) { image.references.push_back(row.text(0)); }));
    return m_database.query("SELECT diff, layers.chain, size, files, opaque_root, created_by, blob, blob_size, media_type"
                            " FROM image_layers JOIN layers ON layers.chain = image_layers.chain WHERE image = ?"
                            " ORDER BY position",
                            {image.id}, [&](const auto& row) {
                                image.layers.push_back({row.text(0), row.text(1), row.number(2), row.number(3),
                                                        row.number(4) != 0, row.text(5), row.text(6), row.number(7),
                                                        row.text(8)});
                            });
}

Result<std::vector<StoredImage>> ImageStore::images()
{
    std::vector<StoredImage> images;
    TRY(m_database.query("SELECT id FROM images ORDER BY created DESC, id", {},
                         [&](const auto& row) { images.emplace_back().id = row.text(0); }));
    for (StoredImage& image : images)
        TRY(load(image));
    return images;
}

Result<std::optional<StoredImage>> ImageStore::byReference(const std::string& reference)
{
    std::optional<StoredImage> found;
    TRY(m_database.query("SELECT image FROM image_references WHERE name = ?", {reference},
                         [&](const auto& row) { found.emplace().id = row.text(0); }));
    if (found)
        TRY(load(*found));
    return found;
}

// By the digest that a registry was seen to have it under, or its own manifest's, whatever its names: nothing else can have
// that digest.
Result<StoredImage> ImageStore::findByDigest(const std::string& text, std::size_t at)
{
    const std::string digest = text.substr(at + 1);
    TRY(checkDigest(digest), "'{}'", text.substr(0, 300));
    const std::string name = TRY(nameOf(text.substr(0, at)));
    std::string id;
    const auto take = [&](const auto& row) { id = row.text(0); };
    TRY(m_database.query("SELECT image FROM image_digests WHERE name = ? AND digest = ?", {name, digest}, take));
    if (id.empty())
        TRY(m_database.query("SELECT id FROM images WHERE manifest = ? ORDER BY id", {digest}, take));
    if (id.empty())
        return fail(ErrorCode::NotFound, "there is no image '{}'", text);
    StoredImage found{.id = id};
    TRY(load(found));
    return found;
}

Result<StoredImage> ImageStore::find(const std::string& text)
{
    if (const std::size_t at = text.find('@'); at != std::string::npos)
        return findByDigest(text, at);
    const auto reference = normalizedReference(text);
    if (reference)
        if (auto found = TRY(byReference(*reference)))
            return std::move(*found);
    const std::string prefix = idPrefix(text);
    if (prefix.empty() && !reference)
        return fail(reference.error());
    std::vector<StoredImage> matches;
    if (!prefix.empty())
        TRY(m_database.query("SELECT id FROM images WHERE substr(id, 1, ?) = ?", {std::int64_t(prefix.size()), prefix},
                             [&](const auto& row) { matches.emplace_back().id = row.text(0); }));
    if (matches.empty())
        return fail(ErrorCode::NotFound, "there is no image '{}'", text);
    for (StoredImage& image : matches)
        TRY(load(image));
    if (matches.size() > 1)
        return fail(ErrorCode::Ambiguous, "'{}' fits {} images, {} and {} among them", text, matches.size(),
                    present(matches[0]), present(matches[1]));
    return std::move(matches.front());
}

Result<ResolvedImage> ImageStore::resolve(const std::string& text)
{
    StoredImage image = TRY(find(text));
    const auto reference = normalizedReference(text);
    const bool byName = reference && std::ranges::contains(image.references, *reference);
    ResolvedImage resolved{image.id, byName ? *reference : image.id, std::move(image.record), {}};
    for (const StoredLayer& layer : image.layers) {
        if (!TRY(hasLayer(layer.chainId)))
            return fail(ErrorCode::Corrupt, "image {}: its layer {} is missing on disk; import it again", text, layer.chainId);
        if (layer.opaqueRoot)
            resolved.layers.clear();
        resolved.layers.push_back({layer.chainId, layerDirectory(layer.chainId)});
    }
    return resolved;
}

// True when the image has a manifest and every layer as that names it.
Result<bool> ImageStore::keepsManifest(const std::string& id)
{
    bool keeps = false;
    TRY(m_database.query("SELECT 1 FROM images WHERE id = ? AND manifest != '' AND NOT EXISTS"
                         " (SELECT 1 FROM image_layers WHERE image = images.id AND blob = '')",
                         {id}, [&](const auto&) { keeps = true; }));
    return keeps;
}

Result<> ImageStore::insert(const NewImage& added)
{
    const StoredImage& image = added.image;
    if (!image.manifestDigest.empty() || !TRY(keepsManifest(image.id))) {
        TRY(m_database.execute("INSERT INTO images (id, created, record, owner, manifest, manifest_type)"
                               " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET record = excluded.record, manifest = excluded.manifest,"
                               " manifest_type = excluded.manifest_type",
                               {image.id, image.record.created, json::dump(json::write(image.record)),
                                std::int64_t(image.owner), image.manifestDigest, image.manifestType}));
        TRY(m_database.execute("DELETE FROM image_layers WHERE image = ?", {image.id}));
        std::int64_t position = 0;
        for (const StoredLayer& layer : image.layers)
            TRY(m_database.execute("INSERT INTO image_layers"
                                   " (image, position, chain, created_by, blob, blob_size, media_type)"
                                   " VALUES (?, ?, ?, ?, ?, ?, ?)",
                                   {image.id, position++, layer.chainId, layer.createdBy, layer.blobDigest,
                                    layer.blobSize, layer.mediaType}));
    }
    for (const std::string& reference : image.references)
        TRY(setReference(reference, image.id));
    return {};
}

Result<> ImageStore::add(const std::vector<NewImage>& images)
{
    for (const NewImage& added : images) {
        TRY(writeBlob(added.image.id, added.configuration));
        if (!added.image.manifestDigest.empty())
            TRY(writeBlob(added.image.manifestDigest, added.manifest));
    }
    return m_database.transaction([&]() -> Result<> {
        for (const NewImage& added : images)
            TRY(insert(added));
        return {};
    });
}

Result<> ImageStore::addDigest(const std::string& id, const std::string& name, const std::string& digest)
{
    return m_database.execute("INSERT INTO image_digests (name, digest, image) VALUES (?, ?, ?)"
                              " ON CONFLICT (name, digest) DO UPDATE SET image = excluded.image",
                              {TRY(nameOf(name.substr(0, name.find('@')))), digest, id});
}

Result<> ImageStore::setReference(const std::string& reference, const std::string& id)
{
    return m_database.execute("INSERT INTO image_references (name, image) VALUES (?, ?)"
                              " ON CONFLICT (name) DO UPDATE SET image = excluded.image",
                              {reference, id});
}

Result<> ImageStore::removeReference(const std::string& reference)
{
    return m_database.execute("DELETE FROM image_references WHERE name = ?", {reference});
}

Result<> ImageStore::removeImage(const std::string& id)
{
    return m_database.execute("DELETE FROM images WHERE id = ?", {id}); // its references and layer list go with it
}

} // namespace rocker::image
