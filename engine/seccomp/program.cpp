#include "engine/seccomp/program.h"

#include "engine/seccomp/assembler.h"
#include "engine/seccomp/reading.h"

#include <algorithm>
#include <limits>
#include <map>

namespace rocker::seccomp {

namespace {

struct Outcome {
    std::size_t source = 0; // 0 where the answer is constant
    Answer answer;
    auto operator<=>(const Outcome&) const = default;
};

struct Interval {
    std::uint32_t from = 0; // up to where the next one begins
    Outcome outcome;
};

class Rewriter
{
public:
    explicit Rewriter(std::span<const Source> sources)
        : m_sources(sources)
    {
        for (const Source& source : sources)
            m_readings.emplace_back(source.program, source.architecture);
    }

    // What calls from no source's architecture get.
    Result<std::uint32_t> foreignAction() const;
    Result<std::vector<Interval>> intervals(std::uint32_t architecture, std::span<const Override> overrides) const;
    Result<Assembler::Label> appendTree(std::span<const Interval> intervals);
    Assembler& assembler() { return m_assembler; }

private:
    std::vector<std::uint32_t> boundaries(std::uint32_t architecture, std::span<const Override> overrides) const;
    std::size_t sourceOf(Call call) const;
    Result<Outcome> outcome(Call call) const;
    Result<Assembler::Label> appendOutcome(const Outcome& outcome);
    Result<Assembler::Label> appendFrom(
        const Reading& reading, std::size_t at, Call call, std::map<std::size_t, Assembler::Label>& done);

    std::span<const Source> m_sources;
    std::vector<Reading> m_readings;
    Assembler m_assembler;
    std::map<Outcome, Assembler::Label> m_fragments;
};

std::size_t Rewriter::sourceOf(Call call) const
{
    std::size_t found = m_sources.size();
    for (std::size_t i = 0; i < m_sources.size(); ++i)
        if (m_sources[i].architecture == call.architecture && m_sources[i].from <= call.number
            && (found == m_sources.size() || m_sources[i].from > m_sources[found].from))
            found = i;
    return found;
}

Result<Outcome> Rewriter::outcome(Call call) const
{
    const std::size_t source = sourceOf(call);
    if (source == m_sources.size())
        return fail(
            ErrorCode::Internal, "no program answers call {} of architecture {:x}", call.number, call.architecture);
    const Answer answer = TRY(m_readings[source].answer(call));
    return Outcome{answer.constant ? 0 : source, answer};
}

Result<std::uint32_t> Rewriter::foreignAction() const
{
    std::optional<std::uint32_t> action;
    for (const Reading& reading : m_readings) {
        std::vector<std::uint32_t> numbers{0};
        reading.addBoundaries(numbers);
        for (const std::uint32_t number : numbers) {
            const Answer answer = TRY(reading.answer({0, number}));
            if (!answer.constant || (action && *action != answer.value))
                return fail(ErrorCode::Internal, "libseccomp's programs do not agree on foreign architectures");
            action = answer.value;
        }
    }
    return action.value_or(SECCOMP_RET_KILL_THREAD);
}

std::vector<std::uint32_t> Rewriter::boundaries(std::uint32_t architecture, std::span<const Override> overrides) const
{
    std::vector<std::uint32_t> numbers{0};
    for (std::size_t i = 0; i < m_sources.size(); ++i)
        if (m_sources[i].architecture == architecture) {
            numbers.push_back(m_sources[i].from);
            m_readings[i].addBoundaries(numbers);
        }
    for (const Override& over : overrides) {
        numbers.push_back(over.from);
        if (over.to != std::numeric_limits<std::uint32_t>::max())
            numbers.push_back(over.to + 1);
    }
    std::ranges::sort(numbers);
    const auto rest = std::ranges::unique(numbers);
    numbers.erase(rest.begin(), rest.end());
    return numbers;
}

Result<std::vector<Interval>> Rewriter::intervals(std::uint32_t architecture, std::span<const Override> overrides) const
{
    const std::vector<std::uint32_t> starts = boundaries(architecture, overrides);
    std::vector<std::optional<std::uint32_t>> forced(starts.size());
    for (const Override& over : overrides)
        for (auto at = std::ranges::lower_bound(starts, over.from); at != starts.end() && *at <= over.to; ++at)
            forced[std::size_t(at - starts.begin())] = over.action;
    std::vector<Interval> merged;
    for (std::size_t i = 0; i < starts.size(); ++i) {
        const Outcome found = forced[i] ? Outcome{0, {true, *forced[i], {}}} : TRY(outcome({architecture, starts[i]}));
        if (merged.empty() || merged.back().outcome != found)
            merged.push_back({starts[i], found});
    }
    return merged;
}

// A copy of what the program does from `at` on, with all that only depends on the call decided.
Result<Assembler::Label> Rewriter::appendFrom(
    const Reading& reading, std::size_t at, Call call, std::map<std::size_t, Assembler::Label>& done)
{
    const sock_filter& step = reading.step(at);
    if (step.code == giveBack)
        return m_assembler.returning(step.k);
    if (const auto found = done.find(at); found != done.end())
        return found->second;
    std::vector<Assembler::Label> targets;
    for (const std::size_t next : TRY(reading.following(at, call)))
        targets.push_back(TRY(appendFrom(reading, next, call, done)));
    if (targets.size() == 2)
        return done[at] = m_assembler.appendBranch(step.code, step.k, targets[0], targets[1]);
    m_assembler.continueAt(targets[0]);
    return done[at] = m_assembler.append(step.code, step.k);
}

Result<Assembler::Label> Rewriter::appendOutcome(const Outcome& outcome)
{
    const Answer& answer = outcome.answer;
    if (answer.constant)
        return m_assembler.returning(answer.value);
    if (const auto found = m_fragments.find(outcome); found != m_fragments.end())
        return found->second;
    std::map<std::size_t, Assembler::Label> done;
    return m_fragments[outcome]
        = TRY(appendFrom(m_readings[outcome.source], answer.value, answer.call.value_or(Call{}), done));
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

Result<std::vector<sock_filter>> rewrite(std::span<const Source> sources, std::span<const Override> overrides)
{
    Rewriter rewriter(sources);
    Assembler& assembler = rewriter.assembler();
    std::map<std::uint32_t, Assembler::Label> sections; // by architecture
    std::vector<std::uint32_t> order;
    for (const Source& source : sources) {
        const std::uint32_t architecture = source.architecture;
        if (sections.contains(architecture))
            continue;
        std::vector<Override> own;
        std::ranges::copy_if(overrides, std::back_inserter(own),
            [&](const Override& over) { return over.architecture == architecture; });
        const std::vector<Interval> intervals = TRY(rewriter.intervals(architecture, own));
        Assembler::Label begin = TRY(rewriter.appendTree(intervals));
        if (intervals.size() > 1) {
            assembler.continueAt(begin);
            begin = assembler.append(loadWord, numberAt);
        }
        sections[architecture] = begin;
        order.insert(order.begin(), architecture); // written backwards: the first source's is then compared with first
    }
    Assembler::Label next = assembler.appendReturn(TRY(rewriter.foreignAction()));
    for (const std::uint32_t architecture : order)
        next = assembler.appendBranch(BPF_JEQ, architecture, sections[architecture], next);
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
