#include "engine/layout/layer_look.h"

#include "engine/archive/decompressor.h"
#include "engine/archive/gzip_source.h"
#include "engine/layout/layer_model.h"

#include <algorithm>
#include <array>

namespace rocker::layout {

namespace {

using archive::ByteSource;
using archive::GzipSource;
using archive::RangeSource;

constexpr std::uint64_t firstSpacing = 4 << 20; // bytes of the tar: about ten milliseconds of inflating
constexpr std::size_t pointsLimit = 512;        // then every second one goes
constexpr std::uint64_t progressStep = 1 << 20;

Result<archive::Compression> compressionAt(BorrowedFd file, LayerExtent extent)
{
    std::array<char, archive::magicSize> magic;
    RangeSource start(file, extent.offset, extent.size);
    const std::size_t seen = TRY(archive::readFully(start, magic));
    return archive::compressionOf({magic.data(), seen});
}

// Says how far it has come.
class ReportingSource : public ByteSource
{
public:
    ReportingSource(ByteSource& source, const LookProgress& progress) : m_source(source), m_progress(progress) {}
    Result<std::size_t> read(std::span<char> buffer) override
    {
        const std::size_t count = TRY(m_source.read(buffer));
        m_done += count;
        if (m_progress && m_done - m_said >= progressStep) {
            m_said = m_done;
            TRY(m_progress(m_done));
        }
        return count;
    }

private:
    ByteSource& m_source;
    const LookProgress& m_progress;
    std::uint64_t m_done = 0;
    std::uint64_t m_said = 0;
};

// The tar of a gzip stream, and on the way the places from which it can be read on.
class PointingSource : public ByteSource
{
public:
    explicit PointingSource(ByteSource& input) : m_gzip(input) {}
    Result<std::size_t> read(std::span<char> buffer) override
    {
        if (m_plain >= m_next)
            mark();
        const std::size_t count = TRY(m_gzip.read(buffer));
        m_plain += count;
        return count;
    }
    void giveTo(LayerLook& look)
    {
        for (auto& [point, state] : m_points) {
            point.state = std::uint32_t(look.states.size());
            point.stateSize = std::uint32_t(state.size());
            look.points.push_back(point);
            look.states += state;
        }
    }

private:
    void mark()
    {
        GzipSource::Point here = m_gzip.save();
        m_next = here.state.empty() ? ~0ULL : m_plain + m_spacing;
        if (here.state.empty())
            return;
        m_points.push_back({{.plain = m_plain, .input = here.input}, std::move(here.state)});
        if (m_points.size() < pointsLimit)
            return;
        for (std::size_t i = 0; 2 * i + 1 < m_points.size(); ++i)
            m_points[i] = std::move(m_points[2 * i + 1]);
        m_points.resize(m_points.size() / 2);
        m_spacing *= 2;
    }

    GzipSource m_gzip;
    std::uint64_t m_plain = 0;
    std::uint64_t m_spacing = firstSpacing;
    std::uint64_t m_next = firstSpacing;
    std::vector<std::pair<SeekPoint, std::string>> m_points;
};

class CountingSource : public ByteSource
{
public:
    explicit CountingSource(ByteSource& source) : m_source(source) {}
    Result<std::size_t> read(std::span<char> buffer) override
    {
        const std::size_t count = TRY(m_source.read(buffer));
        m_count += count;
        return count;
    }
    std::uint64_t count() const { return m_count; }

private:
    ByteSource& m_source;
    std::uint64_t m_count = 0;
};

// The entries of the tar, and where it ends.
Result<std::uint64_t> readEntries(ByteSource& plain, LayerLook& look)
{
    CountingSource counted(plain);
    archive::TarReader reader(counted);
    LayerModel model;
    for (;;) {
        // Of the last entry all data has been read; what is left of its block belongs to nobody.
        const std::uint64_t place = (counted.count() + archive::blockSize - 1) / archive::blockSize * archive::blockSize;
        const auto entry = TRY(reader.next());
        if (!entry)
            break;
        TRY(model.add(*entry, reader, place));
    }
    LayerModel::Outcome outcome = TRY(model.finish());
    look.index = std::move(outcome.index);
    look.places = std::move(outcome.places);
    return counted.count();
}

// Sources that read from each other, as one.
template<typename Outer>
class Chain : public ByteSource
{
public:
    Chain(RangeSource range) : m_range(range), m_outer(m_range) {}
    Result<std::size_t> read(std::span<char> buffer) override { return m_outer.read(buffer); }
    Outer& outer() { return m_outer; }

private:
    RangeSource m_range;
    Outer m_outer;
};

class Decompressed : public ByteSource
{
public:
    static Result<std::unique_ptr<ByteSource>> open(RangeSource range)
    {
        auto made = std::make_unique<Decompressed>(range);
        made->m_plain = TRY(archive::decompress(made->m_range));
        return made;
    }
    explicit Decompressed(RangeSource range) : m_range(range) {}
    Result<std::size_t> read(std::span<char> buffer) override { return m_plain->read(buffer); }

private:
    RangeSource m_range;
    std::unique_ptr<ByteSource> m_plain;
};

Result<> skip(ByteSource& source, std::uint64_t count)
{
    std::vector<char> buffer(256 * 1024);
    while (count > 0) {
        const std::size_t wanted = std::min<std::uint64_t>(count, buffer.size());
        if (TRY(archive::readFully(source, std::span(buffer).first(wanted))) != wanted)
            return fail(ErrorCode::Corrupt, "the layer ends before what was noted of it");
        count -= wanted;
    }
    return {};
}

} // namespace

Result<std::size_t> CountedSource::read(std::span<char> buffer)
{
    const std::size_t count = TRY(m_source->read(buffer));
    m_position += count;
    return count;
}

Result<> CountedSource::skipTo(std::uint64_t position)
{
    return skip(*this, position - m_position);
}

Result<LayerLook> lookAtLayer(BorrowedFd file, LayerExtent extent, const LookProgress& progress)
{
    LayerLook look;
    RangeSource range(file, extent.offset, extent.size);
    ReportingSource stored(range, progress);
    if (TRY(compressionAt(file, extent)) == archive::Compression::Gzip) {
        PointingSource plain(stored);
        look.plainSize = TRY(readEntries(plain, look));
        plain.giveTo(look);
    } else {
        const auto plain = TRY(archive::decompress(stored));
        look.plainSize = TRY(readEntries(*plain, look));
    }
    return look;
}

Result<std::unique_ptr<ByteSource>> openTarAt(BorrowedFd file, LayerExtent extent, std::uint64_t place,
                                              std::span<const SeekPoint> points, const StateOf& stateOf)
{
    const archive::Compression compression = TRY(compressionAt(file, extent));
    if (compression == archive::Compression::None) {
        if (place > extent.size)
            return fail(ErrorCode::Corrupt, "the layer ends before what was noted of it");
        return std::make_unique<RangeSource>(file, extent.offset + place, extent.size - place);
    }
    const auto after = std::ranges::upper_bound(points, place, {}, &SeekPoint::plain);
    if (compression == archive::Compression::Gzip && after != points.begin()) {
        const SeekPoint& point = *std::prev(after);
        if (point.input > extent.size)
            return fail(ErrorCode::Corrupt, "a place in the gzip stream lies behind its end");
        auto chain = std::make_unique<Chain<GzipSource>>(
            RangeSource(file, extent.offset + point.input, extent.size - point.input));
        TRY(chain->outer().resume(TRY(stateOf(point))));
        TRY(skip(*chain, place - point.plain));
        return chain;
    }
    auto plain = TRY(Decompressed::open(RangeSource(file, extent.offset, extent.size)));
    TRY(skip(*plain, place));
    return plain;
}

} // namespace rocker::layout
