#include "engine/seccomp/program.h"

#include "engine/seccomp/assembler.h"

#include <algorithm>
#include <cstddef>
#include <linux/seccomp.h>
#include <map>
#include <optional>
#include <set>

namespace rocker::seccomp {

namespace {

constexpr std::uint16_t loadWord = BPF_LD | BPF_W | BPF_ABS;
constexpr std::uint16_t always = BPF_JMP | BPF_JA;
constexpr std::uint16_t ifEqual = BPF_JMP | BPF_JEQ | BPF_K;
constexpr std::uint16_t ifGreater = BPF_JMP | BPF_JGT | BPF_K;
constexpr std::uint16_t ifGreaterOrEqual = BPF_JMP | BPF_JGE | BPF_K;
constexpr std::uint16_t ifAnySet = BPF_JMP | BPF_JSET | BPF_K;
constexpr std::uint16_t maskWith = BPF_ALU | BPF_AND | BPF_K;
constexpr std::uint16_t giveBack = BPF_RET | BPF_K;

constexpr std::uint32_t numberAt = offsetof(seccomp_data, nr);
constexpr std::uint32_t architectureAt = offsetof(seccomp_data, arch);

std::unexpected<Error> unexpectedForm(std::size_t at)
{
    return fail(ErrorCode::Internal, "libseccomp made a program of unexpected form (instruction {})", at);
}

struct Call {
    std::uint32_t architecture = 0;
    std::uint32_t number = 0;
    auto operator<=>(const Call&) const = default;
};

// What a program answers to a call: always the same, or what the rest of it from an instruction on makes of the
// arguments. `call` is there when that rest asks for the number again.
struct Outcome {
    bool constant = true;
    std::uint32_t value = 0; // the action, or the instruction
    std::optional<Call> call;
    auto operator<=>(const Outcome&) const = default;
};

struct Interval {
    std::uint32_t from = 0; // up to where the next one begins
    Outcome outcome;
};

class Rewriter
{
public:
    explicit Rewriter(std::span<const sock_filter> program)
        : m_program(program)
    {
    }

    Result<std::vector<Interval>> intervals(std::uint32_t architecture, std::span<const Override> overrides) const;
    Result<Assembler::Label> appendTree(std::span<const Interval> intervals);
    Assembler& assembler() { return m_assembler; }

private:
    struct Place {
        std::size_t at = 0;
        bool numberCounts = false; // the way there depended on the call's number
    };
    Result<Place> settle(std::size_t at, Call call) const;
    Result<std::vector<std::size_t>> successors(std::size_t at) const;
    Result<Outcome> outcome(Call call) const;
    Result<bool> asksForNumber(std::size_t at, Call call, std::set<std::size_t>& seen) const;
    Result<Assembler::Label> appendFrom(std::size_t at, Call call, std::map<std::size_t, Assembler::Label>& done);
    Result<Assembler::Label> appendOutcome(const Outcome& outcome);
    std::vector<std::uint32_t> boundaries(std::span<const Override> overrides) const;

    std::span<const sock_filter> m_program;
    Assembler m_assembler;
    std::map<Outcome, Assembler::Label> m_fragments;
};

// The next instruction that ends the program or that the arguments have a say in.
Result<Rewriter::Place> Rewriter::settle(std::size_t at, Call call) const
{
    Place place{at};
    std::optional<std::uint32_t> accumulator;
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
            accumulator = step.k == numberAt ? call.number : call.architecture;
            place.numberCounts = true;
            ++place.at;
            continue;
        case ifEqual:
        case ifGreater:
        case ifGreaterOrEqual:
            if (!accumulator)
                return place;
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

Result<std::vector<std::size_t>> Rewriter::successors(std::size_t at) const
{
    const sock_filter& step = m_program[at];
    if (step.code == giveBack)
        return std::vector<std::size_t>{};
    if (step.code == loadWord || step.code == maskWith)
        return std::vector{at + 1};
    return std::vector{at + 1 + step.jt, at + 1 + step.jf};
}

Result<bool> Rewriter::asksForNumber(std::size_t at, Call call, std::set<std::size_t>& seen) const
{
    if (!seen.insert(at).second)
        return false;
    for (const std::size_t next : TRY(successors(at))) {
        const Place place = TRY(settle(next, call));
        if (place.numberCounts || TRY(asksForNumber(place.at, call, seen)))
            return true;
    }
    return false;
}

Result<Outcome> Rewriter::outcome(Call call) const
{
    const Place place = TRY(settle(0, call));
    if (m_program[place.at].code == giveBack)
        return Outcome{true, m_program[place.at].k, {}};
    std::set<std::size_t> seen;
    const bool again = TRY(asksForNumber(place.at, call, seen));
    return Outcome{false, std::uint32_t(place.at), again ? std::optional(call) : std::nullopt};
}

// Where the answer can change, beginning with 0: between two of them every comparison with the number ends the same
// way.
std::vector<std::uint32_t> Rewriter::boundaries(std::span<const Override> overrides) const
{
    std::vector<std::uint32_t> numbers{0};
    const auto addAfter = [&](std::uint32_t number) {
        if (number != UINT32_MAX)
            numbers.push_back(number + 1);
    };
    for (const sock_filter& step : m_program)
        if (step.code == ifEqual || step.code == ifGreater || step.code == ifGreaterOrEqual) {
            numbers.push_back(step.k);
            addAfter(step.k);
        }
    for (const Override& over : overrides) {
        numbers.push_back(over.from);
        addAfter(over.to);
    }
    std::ranges::sort(numbers);
    const auto rest = std::ranges::unique(numbers);
    numbers.erase(rest.begin(), rest.end());
    return numbers;
}

Result<std::vector<Interval>> Rewriter::intervals(std::uint32_t architecture, std::span<const Override> overrides) const
{
    const std::vector<std::uint32_t> starts = boundaries(overrides);
    std::vector<std::optional<std::uint32_t>> forced(starts.size());
    for (const Override& over : overrides)
        for (auto at = std::ranges::lower_bound(starts, over.from); at != starts.end() && *at <= over.to; ++at)
            forced[std::size_t(at - starts.begin())] = over.action;
    std::vector<Interval> merged;
    for (std::size_t i = 0; i < starts.size(); ++i) {
        const Outcome found = forced[i] ? Outcome{true, *forced[i], {}} : TRY(outcome({architecture, starts[i]}));
        if (merged.empty() || merged.back().outcome != found)
            merged.push_back({starts[i], found});
    }
    return merged;
}

// A copy of what the program does from `at` on, with all that only depends on the call decided.
Result<Assembler::Label> Rewriter::appendFrom(std::size_t at, Call call, std::map<std::size_t, Assembler::Label>& done)
{
    const sock_filter& step = m_program[at];
    if (step.code == giveBack)
        return m_assembler.returning(step.k);
    if (const auto found = done.find(at); found != done.end())
        return found->second;
    std::vector<Assembler::Label> targets;
    for (const std::size_t next : TRY(successors(at)))
        targets.push_back(TRY(appendFrom(TRY(settle(next, call)).at, call, done)));
    if (targets.size() == 2)
        return done[at] = m_assembler.appendBranch(step.code, step.k, targets[0], targets[1]);
    m_assembler.continueAt(targets[0]);
    return done[at] = m_assembler.append(step.code, step.k);
}

Result<Assembler::Label> Rewriter::appendOutcome(const Outcome& outcome)
{
    if (outcome.constant)
        return m_assembler.returning(outcome.value);
    if (const auto found = m_fragments.find(outcome); found != m_fragments.end())
        return found->second;
    std::map<std::size_t, Assembler::Label> done;
    return m_fragments[outcome] = TRY(appendFrom(outcome.value, outcome.call.value_or(Call{}), done));
}

Result<Assembler::Label> Rewriter::appendTree(std::span<const Interval> intervals)
{
    const std::size_t count = intervals.size();
    if (count == 1)
        return appendOutcome(intervals[0].outcome);
    // One number between others of one outcome.
    if (count == 3 && intervals[0].outcome == intervals[2].outcome && intervals[2].from - intervals[1].from == 1) {
        const Assembler::Label one = TRY(appendOutcome(intervals[1].outcome));
        const Assembler::Label others = TRY(appendOutcome(intervals[0].outcome));
        return m_assembler.appendBranch(BPF_JEQ, intervals[1].from, one, others);
    }
    const std::size_t middle = count == 5 ? 2 : count / 2;
    const Assembler::Label above = TRY(appendTree(intervals.subspan(middle)));
    const Assembler::Label below = TRY(appendTree(intervals.first(middle)));
    return m_assembler.appendBranch(BPF_JGE, intervals[middle].from, above, below);
}

} // namespace

Result<std::vector<sock_filter>> rewrite(std::span<const sock_filter> program,
    std::span<const std::uint32_t> architectures, std::span<const Override> overrides)
{
    Rewriter rewriter(program);
    Assembler& assembler = rewriter.assembler();
    struct Section {
        std::uint32_t architecture;
        Assembler::Label begin;
    };
    std::vector<Section> sections;
    for (const std::uint32_t architecture : architectures) {
        std::vector<Override> own;
        std::ranges::copy_if(overrides, std::back_inserter(own),
            [&](const Override& over) { return over.architecture == architecture; });
        const std::vector<Interval> intervals = TRY(rewriter.intervals(architecture, own));
        Assembler::Label begin = TRY(rewriter.appendTree(intervals));
        if (intervals.size() > 1) {
            assembler.continueAt(begin);
            begin = assembler.append(loadWord, numberAt);
        }
        sections.push_back({architecture, begin});
    }
    const std::vector<Interval> foreign = TRY(rewriter.intervals(0, {}));
    if (foreign.size() != 1 || !foreign[0].outcome.constant)
        return unexpectedForm(0);
    Assembler::Label next = assembler.appendReturn(foreign[0].outcome.value);
    for (const Section& section : sections)
        next = assembler.appendBranch(BPF_JEQ, section.architecture, section.begin, next);
    assembler.continueAt(next);
    assembler.append(loadWord, architectureAt);
    if (assembler.size() > BPF_MAXINSNS)
        return fail(ErrorCode::InvalidArgument,
            "linux.seccomp: makes a program of {} instructions, the kernel takes {}", assembler.size(), BPF_MAXINSNS);
    return std::move(assembler).finish();
}

bool wellFormed(std::span<const sock_filter> program)
{
    if (program.empty() || program.size() > BPF_MAXINSNS || program.back().code != giveBack)
        return false;
    for (std::size_t at = 0; at < program.size(); ++at) {
        const sock_filter& step = program[at];
        const std::size_t left = program.size() - 1 - at;
        switch (step.code) {
        case giveBack:
        case maskWith:
            break;
        case loadWord:
            if (step.k % 4 != 0 || step.k >= sizeof(seccomp_data))
                return false;
            break;
        case always:
            if (step.k >= left)
                return false;
            break;
        case ifEqual:
        case ifGreater:
        case ifGreaterOrEqual:
        case ifAnySet:
            if (step.jt >= left || step.jf >= left)
                return false;
            break;
        default:
            return false;
        }
    }
    return true;
}

} // namespace rocker::seccomp
