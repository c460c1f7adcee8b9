#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <sys/types.h>

namespace hpvmnet::test {

/// What a process holds, seen from outside (proc(5)).
struct Holdings {
  std::size_t descriptors = 0;
  std::size_t mappings = 0;
  std::uint64_t private_kilobytes = 0;  ///< memory that is its own, not shared with guests
};

/// Throws std::runtime_error where there is no such process.
Holdings holdings_of(pid_t process);

/// What the descriptors of a process are, one per line, for messages.
std::string descriptors_of(pid_t process);

}  // namespace hpvmnet::test
