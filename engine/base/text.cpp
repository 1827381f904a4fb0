#include "engine/base/text.h"

#include "engine/base/error.h"

namespace rocker {

std::string uncapitalized(std::string text)
{
    if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z')
        text[0] = char(text[0] - 'A' + 'a');
    return text;
}

std::string reasonOf(int errnum)
{
    return uncapitalized(Error::fromErrno(errnum).what);
}

} // namespace rocker
