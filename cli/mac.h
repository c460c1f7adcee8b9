#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hpvmnet::cli {

/// A MAC address in the three forms in which people meet it. Its 48 bits are the first byte on the
/// wire, then the others.
class Mac {
 public:
  /// 0xaabbcc001122 or aa-bb-cc-00-11-22, in either case of letters.
  static std::optional<Mac> parse(std::string_view text);

  std::string dashed() const;       ///< aa-bb-cc-00-11-22
  std::string hexadecimal() const;  ///< 0xAABBCC001122

  bool operator==(const Mac&) const = default;

 private:
  explicit Mac(std::uint64_t bits) : bits_(bits) {}
  std::uint64_t bits_;
};

}  // namespace hpvmnet::cli
