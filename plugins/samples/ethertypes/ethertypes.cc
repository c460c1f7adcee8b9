// A filter that lets frames of listed EtherTypes pass: filters:ethertypes(0x0800,0x0806). It looks
// behind VLAN tags. Frames with a length in place of a type have type 0.
#include <algorithm>
#include <charconv>
#include <vector>

#include "frame/vlan_tag.h"
#include "plugin/plugin.h"

namespace {

using namespace hpvmnet;

constexpr std::uint16_t kLeastType = 0x0600;

class EtherTypes final : public Filter {
 public:
  explicit EtherTypes(std::vector<std::uint16_t> allowed) : allowed_(std::move(allowed)) {}

  // Several workers may be here at once: it only reads.
  FrameMask judge(const Burst& burst, FrameMask frames, unsigned /*port*/) noexcept override {
    FrameMask refused = 0;
    for_each(frames, [&](unsigned i) {
      const bool allowed = std::ranges::find(allowed_, type_of(burst[i])) != allowed_.end();
      if (!allowed) refused |= FrameMask{1} << i;
    });
    return refused;
  }

 private:
  // Bytes behind head_length are not the frame's.
  static std::uint16_t type_of(const Frame& frame) noexcept {
    for (std::uint32_t at = kAddressesLength; at + 2 <= frame.head_length; at += kTagLength) {
      const auto type = static_cast<std::uint16_t>(std::to_integer<unsigned>(frame.head[at]) << 8 |
                                                   std::to_integer<unsigned>(frame.head[at + 1]));
      if (!is_tag_type(type)) return type < kLeastType ? std::uint16_t{0} : type;
    }
    return 0;
  }

  const std::vector<std::uint16_t> allowed_;
};

class EtherTypesFactory final : public FilterFactory {
 public:
  std::string_view name() const override { return "ethertypes"; }

  Result<std::unique_ptr<Filter>> make(const FilterSpec& spec, Log& log) override {
    std::vector<std::uint16_t> allowed;
    std::string_view rest = spec.arguments;
    while (true) {
      const std::string_view word = rest.substr(0, rest.find(','));
      std::uint16_t type = 0;
      const std::size_t skip = word.starts_with("0x") ? 2 : 0;
      const char* const end = word.data() + word.size();
      const auto read = std::from_chars(word.data() + std::min(skip, word.size()), end, type, 16);
      if (read.ec != std::errc() || read.ptr != end) {
        return fail(
            ErrorCode::invalid_argument,
            fmt::format("'{}' is no EtherType: give some as ethertypes(0x0800,0x0806)", word));
      }
      allowed.push_back(type);
      if (word.size() == rest.size()) break;
      rest.remove_prefix(word.size() + 1);
    }
    log.debug("{} EtherTypes may pass", allowed.size());
    return std::make_unique<EtherTypes>(std::move(allowed));
  }
};

constexpr PluginDescription kDescription{
    .name = "ethertypes", .version = "1.0", .provide = [](PluginRegistry& registry) {
      registry.add(std::make_unique<EtherTypesFactory>());
    }};

}  // namespace

const PluginDescription* hpvmnet_plugin() { return &kDescription; }
