#pragma once

#include "engine/runtime/context.h"

namespace rocker::runtime {

// What each command does, one file each. The value is the exit code.
Result<int> checkpoint(Context& context);
Result<int> create(Context& context);
Result<int> destroy(Context& context); // `delete`
Result<int> events(Context& context);
Result<int> exec(Context& context);
Result<int> features(Context& context);
Result<int> kill(Context& context);
Result<int> list(Context& context);
Result<int> mounts(Context& context);
Result<int> pause(Context& context);
Result<int> ps(Context& context);
Result<int> restore(Context& context);
Result<int> resume(Context& context);
Result<int> run(Context& context);
Result<int> spec(Context& context);
Result<int> start(Context& context);
Result<int> state(Context& context);
Result<int> update(Context& context);

using Handler = Result<int> (*)(Context&);
// Of a command of the table; every one has one.
Handler handlerOf(std::string_view command);

// A whole call, from the words to the exit code.
int runtimeMain(int argc, char** argv);

} // namespace rocker::runtime
