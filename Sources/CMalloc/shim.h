// What Swift's Glibc module leaves out of malloc.h.
#pragma once
#include <malloc.h>
