#include "engine/elf/elf_file.h"

#include <algorithm>
#include <array>
#include <utility>

namespace rocker::elf {

namespace {

constexpr std::uint32_t loadSegment = 1;
constexpr std::uint32_t dynamicSegment = 2;
constexpr std::uint32_t interpreterSegment = 3;
constexpr std::uint32_t noteSegment = 4;
constexpr std::uint32_t symbolSection = 2;
constexpr std::uint64_t buildIdNote = 3; // NT_GNU_BUILD_ID
constexpr std::uint64_t pieFlag = 0x08000000; // DF_1_PIE

struct Segment {
    std::uint32_t type = 0;
    std::uint64_t offset = 0;
    std::uint64_t address = 0;
    std::uint64_t size = 0; // in the file
};

class Reader
{
public:
    Reader(std::string_view bytes, ElfFile& file) : m_bytes(bytes), m_file(file) {}

    void read()
    {
        m_file.type = std::uint16_t(number(16, 2));
        m_file.machine = std::uint16_t(number(18, 2));
        readSegments();
        for (const Segment& segment : m_segments) {
            if (segment.type == interpreterSegment)
                m_file.interpreter = textAt(segment.offset, segment.size);
            else if (segment.type == noteSegment)
                readNotes(segment);
        }
        const auto dynamic = std::ranges::find(m_segments, dynamicSegment, &Segment::type);
        if (dynamic != m_segments.end())
            readDynamic(*dynamic);
        if (m_file.type == 2 || m_file.type == 3)
            m_file.linking = dynamic != m_segments.end() && (!m_file.interpreter.empty() || !m_pie) ? Linking::Dynamic : Linking::Static;
        m_file.positionIndependent = m_file.type == 3 && (m_pie || !m_file.interpreter.empty());
        readSections();
    }

private:
    bool wide() const { return m_file.wide; }
    bool fits(std::uint64_t at, std::uint64_t size) const { return at <= m_bytes.size() && size <= m_bytes.size() - at; }

    // 0 beyond the bytes.
    std::uint64_t number(std::uint64_t at, std::size_t size)
    {
        if (!fits(at, size)) {
            m_file.complete = false;
            return 0;
        }
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < size; ++i) {
            const std::size_t place = m_file.bigEndian ? i : size - 1 - i;
            value = value << 8 | static_cast<unsigned char>(m_bytes[at + place]);
        }
        return value;
    }
    std::uint64_t word(std::uint64_t at) { return number(at, wide() ? 8 : 4); }

    std::string textAt(std::uint64_t at, std::uint64_t most)
    {
        if (!fits(at, 1)) {
            m_file.complete = false;
            return {};
        }
        const std::string_view text = m_bytes.substr(at, std::min<std::uint64_t>(most, textLimit));
        return std::string(text.substr(0, text.find('\0')));
    }

    void readSegments()
    {
        const std::uint64_t table = word(wide() ? 32 : 28);
        const std::uint64_t size = number(wide() ? 54 : 42, 2);
        const std::uint64_t count = std::min<std::uint64_t>(number(wide() ? 56 : 44, 2), headersLimit);
        if (table == 0 || size < (wide() ? 56U : 32U))
            return;
        for (std::uint64_t i = 0; i < count && fits(table, (i + 1) * size); ++i) {
            const std::uint64_t at = table + i * size;
            m_segments.push_back({std::uint32_t(number(at, 4)), word(at + (wide() ? 8 : 4)), word(at + (wide() ? 16 : 8)),
                                  word(at + (wide() ? 32 : 16))});
        }
        m_file.complete = m_file.complete && m_segments.size() == count;
    }

    // Where an address of the program lies in the file.
    std::uint64_t offsetOf(std::uint64_t address) const
    {
        for (const Segment& segment : m_segments)
            if (segment.type == loadSegment && address >= segment.address && address - segment.address < segment.size)
                return segment.offset + (address - segment.address);
        return m_bytes.size();
    }

    void readDynamic(const Segment& segment)
    {
        const std::uint64_t size = wide() ? 16 : 8;
        const std::uint64_t count = std::min<std::uint64_t>(segment.size / size, headersLimit);
        std::vector<std::pair<std::uint64_t, std::uint64_t>> texts; // tag, place in the string table
        std::uint64_t strings = 0;
        for (std::uint64_t i = 0; i < count; ++i) {
            const std::uint64_t at = segment.offset + i * size;
            if (at < segment.offset || !fits(at, size)) {
                m_file.complete = false;
                break;
            }
            const std::uint64_t tag = word(at);
            const std::uint64_t value = word(at + size / 2);
            if (tag == 0)
                break;
            if (tag == 5) // DT_STRTAB
                strings = offsetOf(value);
            else if (tag == 1 || tag == 14 || tag == 15 || tag == 29) // DT_NEEDED, DT_SONAME, DT_RPATH, DT_RUNPATH
                texts.emplace_back(tag, value);
            else if (tag == 0x6ffffffb) // DT_FLAGS_1
                m_pie = value & pieFlag;
        }
        for (const auto& [tag, place] : texts) {
            const std::string text = place > m_bytes.size() ? std::string() : textAt(strings + place, textLimit);
            if (tag == 1 && m_file.needed.size() < neededLimit)
                m_file.needed.push_back(text);
            else if (tag == 14)
                m_file.soname = text;
            else if (tag == 29 || (tag == 15 && m_file.runPath.empty()))
                m_file.runPath = text;
        }
        std::erase(m_file.needed, std::string());
    }

    void readNotes(const Segment& segment)
    {
        std::uint64_t at = segment.offset;
        const std::uint64_t end = segment.offset + std::min<std::uint64_t>(segment.size, 1 << 20);
        while (end > at && end - at >= 12 && fits(at, 12)) {
            const std::uint64_t name = number(at, 4);
            const std::uint64_t size = number(at + 4, 4);
            const std::uint64_t content = at + 12 + (name + 3) / 4 * 4;
            if (number(at + 8, 4) == buildIdNote && name == 4 && fits(at + 12, 4) && m_bytes.substr(at + 12, 4) == std::string_view("GNU\0", 4)
                && size <= 64 && fits(content, size)) {
                m_file.buildId.clear();
                for (std::uint64_t i = 0; i < size; ++i)
                    m_file.buildId += std::format("{:02x}", static_cast<unsigned char>(m_bytes[content + i]));
                return;
            }
            at = content + (size + 3) / 4 * 4;
        }
    }

    void readSections()
    {
        const std::uint64_t table = word(wide() ? 40 : 32);
        const std::uint64_t size = number(wide() ? 58 : 46, 2);
        const std::uint64_t count = std::min<std::uint64_t>(number(wide() ? 60 : 48, 2), headersLimit);
        if (table == 0 || size < (wide() ? 64U : 40U))
            return;
        if (!fits(table, count * size)) {
            m_file.complete = false; // the table stands at the file's end
            return;
        }
        for (std::uint64_t i = 0; i < count; ++i)
            if (number(table + i * size + 4, 4) == symbolSection)
                m_file.stripped = false;
    }

    std::string_view m_bytes;
    ElfFile& m_file;
    std::vector<Segment> m_segments;
    bool m_pie = false;
};

} // namespace

Result<ElfFile> read(std::string_view bytes)
{
    if (bytes.size() < 52 || !bytes.starts_with("\x7f" "ELF"))
        return fail(ErrorCode::Corrupt, "it is no ELF file");
    ElfFile file;
    file.wide = bytes[4] == 2;
    file.bigEndian = bytes[5] == 2;
    if ((bytes[4] != 1 && bytes[4] != 2) || (bytes[5] != 1 && bytes[5] != 2))
        return fail(ErrorCode::Corrupt, "it is an ELF file of an unknown class or byte order");
    if (file.wide && bytes.size() < 64)
        return fail(ErrorCode::Corrupt, "it is cut off in its header");
    Reader(bytes, file).read();
    return file;
}

std::string machineName(std::uint16_t machine)
{
    constexpr std::array<std::pair<std::uint16_t, std::string_view>, 12> names{{
        {2, "SPARC"}, {3, "x86"}, {8, "MIPS"}, {20, "PowerPC"}, {21, "PowerPC 64"}, {22, "S/390"}, {40, "ARM"}, {62, "x86-64"},
        {183, "AArch64"}, {243, "RISC-V"}, {247, "BPF"}, {258, "LoongArch"},
    }};
    const auto found = std::ranges::find(names, machine, &std::pair<std::uint16_t, std::string_view>::first);
    return found == names.end() ? std::format("machine {}", machine) : std::string(found->second);
}

} // namespace rocker::elf
