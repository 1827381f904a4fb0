#include "engine/archive/gzip_source.h"

namespace rocker::archive {

static constexpr std::size_t inputSize = 128 * 1024;

GzipSource::GzipSource(ByteSource& input) : m_input(input), m_buffer(inputSize) {}

Result<bool> GzipSource::refill()
{
    if (m_rest.empty() && !m_inputEnded) {
        m_rest = std::span<const char>(m_buffer).first(TRY(m_input.read(m_buffer)));
        m_taken += m_rest.size();
        m_inputEnded = m_rest.empty();
    }
    return !m_rest.empty();
}

Result<std::size_t> GzipSource::read(std::span<char> buffer)
{
    std::span<char> room = buffer;
    while (!m_ended && room.size() == buffer.size()) {
        const bool more = TRY(refill());
        const std::size_t before = m_rest.size();
        const Inflater::Status status = m_inflater.run(m_rest, room);
        m_place = room.size() < buffer.size() ? Place::Inside : m_place;
        const bool starved = !more && m_rest.size() == before && room.size() == buffer.size();
        if (status == Inflater::Status::End) {
            m_ended = !TRY(refill());
            m_inflater.beginMember();
            m_place = Place::BetweenMembers;
        } else if (m_place == Place::BetweenMembers && (starved || status == Inflater::Status::Damaged)) {
            return fail(ErrorCode::Corrupt, "the gzip stream is damaged: what comes after its end is no further member");
        } else if (starved) {
            return fail(ErrorCode::Corrupt, "the gzip stream is truncated");
        } else if (status == Inflater::Status::Damaged) {
            return fail(ErrorCode::Corrupt, "the gzip stream is damaged");
        }
    }
    return buffer.size() - room.size();
}

GzipSource::Point GzipSource::save() const
{
    std::string state = m_inflater.save();
    if (!state.empty())
        state.push_back(char(m_place));
    return {m_taken - m_rest.size(), std::move(state)};
}

Result<> GzipSource::resume(std::string_view state)
{
    const bool fits = !state.empty() && std::uint8_t(state.back()) <= std::uint8_t(Place::BetweenMembers)
        && m_inflater.restore(state.substr(0, state.size() - 1));
    if (!fits)
        return fail(ErrorCode::Corrupt, "the place in the gzip stream is not what was noted");
    m_place = Place(state.back());
    return {};
}

} // namespace rocker::archive
