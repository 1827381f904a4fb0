#pragma once

#include "engine/base/unique_fd.h"
#include "engine/image/database.h"
#include "engine/image/image_record.h"

#include <map>
#include <sys/types.h>

namespace rocker::image {

struct StoredLayer {
    std::string diffId;
    std::string chainId;
    std::int64_t size = 0;
    std::int64_t files = 0;
    bool opaqueRoot = false; // nothing below it shows through: overlayfs ignores the mark on a layer's root
    std::string createdBy;
    // As it came with this image, kept by its digest; empty for one that an older version has imported.
    std::string blobDigest;
    std::int64_t blobSize = 0;
    std::string mediaType;
};

struct StoredImage {
    std::string id; // digest of its configuration document
    std::vector<std::string> references; // sorted
    ImageRecord record;
    uid_t owner = 0;
    std::string manifestDigest; // empty when it came without one
    std::string manifestType;   // its media type
    std::vector<StoredLayer> layers; // lowest first
};

// What a container needs of an image.
struct ResolvedImage {
    struct Layer {
        std::string chainId;
        std::string directory; // absolute: <state>/overlay2/<chain id hex>/diff
    };
    std::string id;
    std::string reference; // that matched; the ID when it was found by ID
    ImageRecord record;
    std::vector<Layer> layers; // to be mounted, lowest first; without those that an opaque root hides
};

// A layer being unpacked: <state>/image/staging/<name>/diff. Left unpublished, it goes to the trash.
struct StagedLayer {
    std::string name;
    UniqueFd directory; // diff; may be closed once it has been unpacked
    UniqueFd index;     // a file, empty; likewise
};

// The images of this machine: documents and layers as they came by digest under image/blobs, references and images in
// image/images.db, each layer unpacked once under overlay2/<chain id>, its index (engine/layers, never read here) under
// image/indexes/<diff id>. One process has it open at a time. A change is either in the database or has not happened;
// open() removes what a crash left between.
class ImageStore
{
public:
    static Result<ImageStore> open(const std::string& stateDirectory);

    Result<std::vector<StoredImage>> images(); // newest first
    // `text`: a reference (":latest" may be left out), NAME@DIGEST as a registry has it, an ID or a unique prefix of one.
    Result<StoredImage> find(const std::string& text);
    Result<ResolvedImage> resolve(const std::string& text);
    // The stored image that a reference names, if any.
    Result<std::optional<StoredImage>> byReference(const std::string& reference);

    // What is pinned is not collected, referenced or not: layers by their chain IDs and blobs by their digests that an
    // import or a save in progress counts on.
    void pin(const std::string& digest) { ++m_pins[digest]; }
    void unpin(const std::string& digest);
    Result<bool> hasLayer(const std::string& chainId);
    bool hasIndex(const std::string& diffId) const;
    // Layers are unpacked beside each other and published together: settleLayers(), then fileSystem() is written to disk
    // (syncfs(2): it may take long, so not here), then publishLayers().
    Result<StagedLayer> stageLayer();
    struct UnpackedLayer {
        StagedLayer staged;
        StoredLayer layer;
        std::string below;   // the chain ID of the layer under it, empty for the lowest
        bool ownRoot = true; // else its root has the owner and mode of the one below
    };
    // Every layer after those that are below it.
    Result<> settleLayers(const std::vector<UnpackedLayer>& layers);
    BorrowedFd fileSystem() const { return m_staging; }
    // Of a layer that is there already only its index. Those that are left in `layers` when this fails are discarded.
    Result<> publishLayers(std::vector<UnpackedLayer>& layers);
    void discard(const StagedLayer& staged);
    // Whether an image has the layer, and as this blob: then the two have been checked against each other.
    Result<bool> offersLayer(const std::string& diffId, const std::string& blob, std::int64_t blobSize);
    // Whether an image has the blob. One that an import in progress has brought is nobody's yet.
    Result<bool> offersBlob(const std::string& blob);

    struct NewImage {
        StoredImage image; // layers are in the store; references replace older ones of the same name
        std::string configuration;
        std::string manifest;
    };
    // All images at once or none. An image that is there with its manifest and its layers as they came with that keeps
    // them when it comes again without a manifest.
    Result<> add(const std::vector<NewImage>& images);
    // A registry has the image under this digest of a manifest or an index; `name` is a reference, its tag says nothing.
    Result<> addDigest(const std::string& id, const std::string& name, const std::string& digest);
    // In normal form; an image that has it loses it.
    Result<> setReference(const std::string& reference, const std::string& id);
    Result<> removeReference(const std::string& reference);
    Result<> removeImage(const std::string& id);

    bool hasBlob(const std::string& digest) const;
    Result<UniqueFd> openBlob(const std::string& digest) const;
    // What openBlob() needs, for a process that keeps nothing else of this one.
    BorrowedFd blobs() const { return m_blobs; }
    // A file without a name for a worker to write a blob into, and what gives it its name once the worker has told its
    // digest. It is on disk when fileSystem() is.
    Result<UniqueFd> blobFile();
    Result<> publishBlob(UniqueFd file, const std::string& digest);

    // What a layer's index says, byte for byte; FailedPrecondition for one that an older version has imported.
    Result<UniqueFd> openIndex(const StoredLayer& layer) const;
    // A regular file in a layer, through no link; `path` is from the layer's root.
    Result<UniqueFd> openFile(const StoredLayer& layer, const std::string& path) const;

    // Moves layers and blobs that nothing needs to the trash and removes such indexes.
    Result<> collectGarbage();
    // A file without a name in the store's file system, for a worker to spool into.
    Result<UniqueFd> spoolFile();
    bool hasTrash() const;
    // The directory whose whole content may be removed at any time (by the "remove" worker: it is strangers' files).
    BorrowedFd trash() const { return m_trash; }

private:
    ImageStore(std::string state, Database database) : m_state(std::move(state)), m_database(std::move(database)) {}
    Result<> openDirectories();
    Result<> reconcile();
    Result<> migrate();
    Result<> trashOrphanLayers();
    Result<> trashOrphanBlobs();
    Result<> removeOrphanIndexes();
    Result<> publishIndex(const StagedLayer& staged, const std::string& diffId);
    Result<> publishLayer(const UnpackedLayer& unpacked);
    Result<> moveToTrash(BorrowedFd directory, const std::string& name);
    Result<> writeBlob(const std::string& digest, const std::string& bytes);
    Result<> insert(const NewImage& added);
    Result<bool> keepsManifest(const std::string& id);
    Result<> load(StoredImage& image);
    Result<StoredImage> findByDigest(const std::string& text, std::size_t at);
    std::string layerDirectory(const std::string& chainId) const;

    std::string m_state;
    Database m_database;
    UniqueFd m_staging;
    UniqueFd m_trash;
    UniqueFd m_blobs;
    UniqueFd m_indexes;
    UniqueFd m_layers; // overlay2, shared with the containers' workspaces
    std::map<std::string, int> m_pins;
};

// A regular file below a layer's directory, through no link; nothing else is opened.
Result<UniqueFd> openRegularFile(BorrowedFd root, const std::string& path);

} // namespace rocker::image
