#include "lan/ending.h"

#include <system_error>

#include <fmt/format.h>

#include "frame/frame.h"

namespace hpvmnet::lan {

void Ending::end(Kind kind, std::uint32_t detail) noexcept {
  std::uint64_t none = 0;
  const std::uint64_t state = static_cast<std::uint64_t>(kind) << 32 | detail;
  if (state_.compare_exchange_strong(none, state)) noticed_.raise();
}

bool Ending::peer_at_fault() const noexcept {
  return static_cast<Kind>(state_.load() >> 32) == Kind::impossible_length;
}

std::string Ending::text() const {
  const std::uint64_t state = state_.load();
  const auto detail = static_cast<std::uint32_t>(state);
  switch (static_cast<Kind>(state >> 32)) {
    case Kind::none:
      return "the connection is up";
    case Kind::closed:
      return "it closed the connection";
    case Kind::failed:
      return fmt::format("the connection failed: {}",
                         std::generic_category().message(static_cast<int>(detail)));
    case Kind::impossible_length:
      return fmt::format("it announced a frame of {} bytes, and the longest has {}", detail,
                         Frame::kMaxLength);
  }
  return "";
}

}  // namespace hpvmnet::lan
