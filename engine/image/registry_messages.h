#pragma once

#include "engine/base/result.h"
#include "engine/json/json.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

// What the helper and its registry client (helper/fetch) tell each other: as with the import workers, a request as JSON
// on the command line and lines of JSON back. Credentials never stand in it: the client reads them itself, as the
// caller.
namespace rocker::image {

// The administrator's registries.json.
struct RegistrySettings {
    std::vector<std::string> insecure;                       // "host:port" reached by plain HTTP
    std::map<std::string, std::vector<std::string>> mirrors; // of a registry, to be asked before it
    std::vector<std::string> shortNames{"docker.io"};        // where a name without a registry is looked for, in order
    std::string proxy;                                       // "http://host:port", none when empty
    std::vector<std::string> noProxy;                        // hosts, and ".domains", that it is not used for
    static constexpr auto fields()
    {
        using json::defaulted;
        using S = RegistrySettings;
        return std::tuple(defaulted("insecure", &S::insecure), defaulted("mirrors", &S::mirrors),
                          defaulted("shortNames", &S::shortNames), defaulted("proxy", &S::proxy),
                          defaulted("noProxy", &S::noProxy));
    }
};

// As whom the client works.
struct FetchCaller {
    std::int64_t uid = 0;
    std::int64_t gid = 0;
    std::vector<std::int64_t> groups; // supplementary
    std::string authFile;             // absolute, instead of the usual places; may be empty
    static constexpr auto fields()
    {
        using json::required;
        using C = FetchCaller;
        return std::tuple(required("uid", &C::uid), required("gid", &C::gid), required("groups", &C::groups),
                          required("authFile", &C::authFile));
    }
};

// What a pull says on its way (WorkerProgress::ready), besides the digest of every blob that is whole: that the archive has
// its documents, that they have been thrown away, and another registry is asked for all of it.
inline constexpr const char* documentsReady = "documents";
inline constexpr const char* beginAnew = "anew";

// pull: the image as an OCI layout, a tar, into the empty file on OutputFd. After its documents the client waits on InputFd for
// a line with a JSON array of digests: the blobs that it is to fetch; the places of others stay empty.
struct PullRequest {
    FetchCaller caller;
    RegistrySettings settings;
    std::string reference;
    std::string platform; // "linux/arm64", "linux/arm/v7"; empty: this machine's
    std::int64_t spoolLimit = 0;
    static constexpr auto fields()
    {
        using json::required;
        using P = PullRequest;
        return std::tuple(required("caller", &P::caller), required("settings", &P::settings),
                          required("reference", &P::reference), required("platform", &P::platform),
                          required("spoolLimit", &P::spoolLimit));
    }
};

struct PullOutcome {
    std::string reference; // normalized, to be stored under; empty when only a digest was asked for
    std::string fullName;  // as shown: "docker.io/library/alpine:latest"
    std::string digest;    // of the manifest, or of the index that led to it
    static constexpr auto fields()
    {
        using json::required;
        using P = PullOutcome;
        return std::tuple(required("reference", &P::reference), required("fullName", &P::fullName),
                          required("digest", &P::digest));
    }
};

// tags: the tags of a repository.
struct TagsRequest {
    FetchCaller caller;
    RegistrySettings settings;
    std::string repository;
    static constexpr auto fields()
    {
        using json::required;
        using T = TagsRequest;
        return std::tuple(required("caller", &T::caller), required("settings", &T::settings),
                          required("repository", &T::repository));
    }
};

struct TagsOutcome {
    std::string repository; // its full name
    std::vector<std::string> tags;
    static constexpr auto fields()
    {
        return std::tuple(
            json::required("repository", &TagsOutcome::repository), json::required("tags", &TagsOutcome::tags));
    }
};

// push: an image from the store. InputFd is a file with a PushPlan; over the socket BlobFd come, in that order, the blobs
// of the plan, open for reading, pushFdsAtOnce of them in each message.
struct PushRequest {
    FetchCaller caller;
    RegistrySettings settings;
    std::string reference; // where to
    static constexpr auto fields()
    {
        using json::required;
        using P = PushRequest;
        return std::tuple(required("caller", &P::caller), required("settings", &P::settings),
                          required("reference", &P::reference));
    }
};

struct PushedBlob {
    std::string digest;
    std::int64_t size = 0;
    std::string from; // a repository of the same registry that may have it; may be empty
    static constexpr auto fields()
    {
        using json::required;
        using P = PushedBlob;
        return std::tuple(required("digest", &P::digest), required("size", &P::size), required("from", &P::from));
    }
};

inline constexpr std::size_t pushPlanLimit = 1 << 20;
inline constexpr std::size_t pushFdsAtOnce = 200; // the kernel takes 253

struct PushPlan {
    std::string manifestType;
    std::vector<PushedBlob> blobs; // the manifest, the configuration, the layers
    static constexpr auto fields()
    {
        return std::tuple(json::required("manifestType", &PushPlan::manifestType),
                          json::required("blobs", &PushPlan::blobs));
    }
};

struct PushOutcome {
    std::string name;   // with its registry
    std::string digest; // of the manifest
    std::int64_t uploaded = 0; // blobs
    std::int64_t mounted = 0;
    std::int64_t present = 0;
    static constexpr auto fields()
    {
        using json::required;
        using P = PushOutcome;
        return std::tuple(required("name", &P::name), required("digest", &P::digest), required("uploaded", &P::uploaded),
                          required("mounted", &P::mounted), required("present", &P::present));
    }
};

// search: what a registry has, by a part of its name or description.
struct SearchRequest {
    FetchCaller caller;
    RegistrySettings settings;
    std::string term; // perhaps with the registry before it: "localhost:5000/thing"
    std::int64_t limit = 0;
    static constexpr auto fields()
    {
        using json::required;
        using S = SearchRequest;
        return std::tuple(required("caller", &S::caller), required("settings", &S::settings), required("term", &S::term),
                          required("limit", &S::limit));
    }
};

struct FoundImage {
    std::string name; // to be pulled by
    std::string description;
    std::int64_t stars = 0;
    bool official = false;
    static constexpr auto fields()
    {
        using json::required;
        using F = FoundImage;
        return std::tuple(required("name", &F::name), required("description", &F::description),
                          required("stars", &F::stars), required("official", &F::official));
    }
};

struct SearchOutcome {
    std::vector<FoundImage> images;
    static constexpr auto fields() { return std::tuple(json::required("images", &SearchOutcome::images)); }
};

// login: the password comes in Input frames over InputFd, the client's own connection, and what became of it goes back
// there: it never is in the helper.
struct LoginRequest {
    FetchCaller caller;
    RegistrySettings settings;
    std::string registry;
    std::string user;
    std::string helper; // the credential helper to keep it in, as "secretservice"; empty: as the caller's files say
    static constexpr auto fields()
    {
        using json::required;
        using L = LoginRequest;
        return std::tuple(required("caller", &L::caller), required("settings", &L::settings),
                          required("registry", &L::registry), required("user", &L::user), required("helper", &L::helper));
    }
};

struct LogoutRequest {
    FetchCaller caller;
    std::string registry;
    static constexpr auto fields()
    {
        return std::tuple(json::required("caller", &LogoutRequest::caller),
                          json::required("registry", &LogoutRequest::registry));
    }
};

// Of both: where it is kept, or was.
struct LoginOutcome {
    std::string registry;
    std::string place;
    static constexpr auto fields()
    {
        return std::tuple(
            json::required("registry", &LoginOutcome::registry), json::required("place", &LoginOutcome::place));
    }
};

// "host" or "host:port", and nothing else.
bool isRegistryHost(std::string_view text);
// Hosts, and nothing else, wherever a host must stand.
Result<> checkSettings(const RegistrySettings& settings);
// Root's own check of what the client said.
Result<> checkPullOutcome(const PullOutcome& outcome);
Result<> checkTagsOutcome(const TagsOutcome& outcome);
Result<> checkSearchOutcome(const SearchOutcome& outcome);
Result<> checkLoginOutcome(const LoginOutcome& outcome);
Result<> checkPushOutcome(const PushOutcome& outcome, const std::string& manifestDigest);

} // namespace rocker::image
