#include "engine/seccomp/reading.h"

#include <limits>

namespace rocker::seccomp {

namespace {

std::unexpected<Error> unexpectedForm(std::size_t at)
{
    return fail(ErrorCode::Internal, "libseccomp made a program of unexpected form (instruction {})", at);
}

} // namespace

// The next instruction that ends the program or that the arguments have a say in.
Result<Reading::Place> Reading::settle(std::size_t at, Call call) const
{
    Place place{at};
    std::optional<std::uint32_t> accumulator;
    bool isArchitecture = false;
    while (place.at < m_program.size()) {
        const sock_filter& step = m_program[place.at];
        const auto branch = [&](bool taken) { place.at += 1 + (taken ? step.jt : step.jf); };
        switch (step.code) {
        case giveBack:
            return place;
        case always:
            place.at += 1 + std::size_t(step.k);
            continue;
        case loadWord:
            if (step.k != numberAt && step.k != architectureAt)
                return place;
            isArchitecture = step.k == architectureAt;
            accumulator = isArchitecture ? call.architecture : call.number;
            place.numberCounts = true;
            ++place.at;
            continue;
        case ifEqual:
        case ifGreater:
        case ifGreaterOrEqual:
            if (!accumulator)
                return place;
            if (isArchitecture && step.k != m_architecture) {
                accumulator = call.number;
                isArchitecture = false;
            }
            branch(step.code == ifEqual      ? *accumulator == step.k
                    : step.code == ifGreater ? *accumulator > step.k
                                             : *accumulator >= step.k);
            continue;
        case ifAnySet:
        case maskWith:
            if (!accumulator)
                return place;
            return unexpectedForm(place.at); // bits of the number: the boundaries would not be where we look for them
        default:
            return unexpectedForm(place.at);
        }
    }
    return unexpectedForm(place.at);
}

std::vector<std::size_t> Reading::successors(std::size_t at) const
{
    const sock_filter& step = m_program[at];
    if (step.code == giveBack)
        return {};
    if (step.code == loadWord || step.code == maskWith)
        return {at + 1};
    return {at + 1 + step.jt, at + 1 + step.jf};
}

Result<std::vector<std::size_t>> Reading::following(std::size_t at, Call call) const
{
    std::vector<std::size_t> places;
    for (const std::size_t next : successors(at))
        places.push_back(TRY(settle(next, call)).at);
    return places;
}

Result<bool> Reading::asksForNumber(std::size_t at, Call call, std::set<std::size_t>& seen) const
{
    if (!seen.insert(at).second)
        return false;
    for (const std::size_t next : successors(at)) {
        const Place place = TRY(settle(next, call));
        if (place.numberCounts || TRY(asksForNumber(place.at, call, seen)))
            return true;
    }
    return false;
}

Result<Answer> Reading::answer(Call call) const
{
    const Place place = TRY(settle(0, call));
    if (m_program[place.at].code == giveBack)
        return Answer{true, m_program[place.at].k, {}};
    std::set<std::size_t> seen;
    const bool again = TRY(asksForNumber(place.at, call, seen));
    return Answer{false, std::uint32_t(place.at), again ? std::optional(call) : std::nullopt};
}

void Reading::addBoundaries(std::vector<std::uint32_t>& numbers) const
{
    for (const sock_filter& step : m_program)
        if (step.code == ifEqual || step.code == ifGreater || step.code == ifGreaterOrEqual) {
            numbers.push_back(step.k);
            if (step.k != std::numeric_limits<std::uint32_t>::max())
                numbers.push_back(step.k + 1);
        }
}

} // namespace rocker::seccomp
