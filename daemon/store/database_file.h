#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "base/result.h"

namespace hpvmnet {

// Judges the file of a database without SQLite, which would begin to repair or fill what it is
// given.

/// Marks a SQLite database as the state of hpvmnetd ("HPVN").
inline constexpr std::uint32_t kApplicationId = 0x4850564e;

/// The refusal of a file whose contents cannot be trusted.
tl::unexpected<Error> damaged(const std::filesystem::path& file, std::string_view why);

/// Refuses an existing file that is not, as far as its header tells, a database of hpvmnetd.
Status check_database_file(const std::filesystem::path& file);

/// Refuses to make a new database at `file` where the log of a lost one would spoil it.
Status check_no_orphans(const std::filesystem::path& file);

}  // namespace hpvmnet
