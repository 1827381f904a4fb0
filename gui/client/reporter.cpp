#include "gui/client/reporter.h"
