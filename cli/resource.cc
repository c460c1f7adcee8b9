#include "cli/resource.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/fields.h"
#include "cli/mac.h"
#include "cli/values.h"

namespace hpvmnet::cli {
namespace {

constexpr std::string_view kAdaptorHint = "use avio_lan, lan or tap";
constexpr std::string_view kMacForms = "write 0xaabbcc001122 or aa-bb-cc-00-11-22";

// Other spellings of an adaptor.
constexpr std::array<std::pair<std::string_view, std::string_view>, 1> kAliases{
    {{"aviolan", "avio_lan"}}};

constexpr std::string_view kPortWord = "portid";

// What says what a vNIC's port connects to, by adaptor; empty where there is no choice.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kEndpointWords{
    {{"avio_lan", ""}, {"lan", "connect"}, {"tap", "ifname"}}};
constexpr std::string_view kOtherEndpointWord = "endpoint";  // of adaptors of other plugins
constexpr std::string_view kNoEndpoint = "none";

// Resources of a guest that are no business of a network.
constexpr std::array<std::string_view, 6> kStorage{"disk",    "dvd",    "tape",
                                                   "changer", "burner", "hba"};

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

bool is_name_character(char c) { return c > ' ' && c <= '~'; }

bool is_printable(char c) { return c >= ' ' && c <= '~'; }

std::string_view endpoint_word_of(std::string_view adaptor) {
  const auto found = std::ranges::find(kEndpointWords, adaptor,
                                       &std::pair<std::string_view, std::string_view>::first);
  return found == kEndpointWords.end() ? kOtherEndpointWord : found->second;
}

/// "'portid', 'connect' or ", to be followed by the last alternative.
std::string alternatives(const std::vector<std::string_view>& words) {
  if (words.empty()) return {};
  return fmt::format("'{}' or ", fmt::join(words, "', '"));
}

class Parser {
 public:
  Parser(std::string_view text, ResourceUse use)
      : text_(text), use_(use), fields_({text, 1}, ':') {}

  Result<v1::VnicRequest> parse() {
    for (const auto part :
         {&Parser::kind, &Parser::adaptor, &Parser::hardware, &Parser::vswitch, &Parser::options}) {
      if (auto status = (this->*part)(); !status) return tl::unexpected(status.error());
    }
    return vnic_;
  }

 private:
  tl::unexpected<Error> wrong(const Field& at, const std::string& reason) const {
    return wrong_at(text_, at.column, reason);
  }

  Status kind() {
    const Field field = fields_.take();
    if (field.text == "network") return {};
    if (std::ranges::find(kStorage, field.text) != kStorage.end()) {
      return wrong(field, fmt::format("{} is a storage resource; a network resource begins with "
                                      "'network:'",
                                      shown(field.text)));
    }
    return wrong(
        field, fmt::format("a network resource begins with 'network:', not {}", shown(field.text)));
  }

  Status adaptor() {
    const Field field = fields_.take();
    if (field.text.empty()) return wrong(field, fmt::format("no adaptor; {}", kAdaptorHint));
    if (!std::ranges::all_of(field.text, is_word_character)) {
      return wrong(field,
                   fmt::format("{} cannot be an adaptor; {}", shown(field.text), kAdaptorHint));
    }
    const auto alias = std::ranges::find(kAliases, field.text,
                                         &std::pair<std::string_view, std::string_view>::first);
    vnic_.set_adaptor(std::string(alias == kAliases.end() ? field.text : alias->second));
    return {};
  }

  Status hardware() {
    if (!fields_.more() || fields_.peek().text == "vswitch") return {};
    Fields values(fields_.take(), ',');
    if (auto status = bus(values.take()); !status) return status;
    if (auto status = device(values.take()); !status) return status;
    if (auto status = mac(values.take()); !status) return status;
    if (!values.more()) return {};
    return wrong(values.take(), "too many values; the hardware part is [BUS],[DEVICE],[MAC]");
  }

  Status bus(const Field& field) {
    const auto number = this->number(field, "bus", kLastBus);
    if (!number) return tl::unexpected(number.error());
    if (*number) vnic_.set_bus(**number);
    return {};
  }

  Status device(const Field& field) {
    const auto number = this->number(field, "device", kLastDevice);
    if (!number) return tl::unexpected(number.error());
    if (*number) vnic_.set_device(**number);
    return {};
  }

  Status mac(const Field& field) {
    if (field.text.empty()) return {};
    const auto mac = Mac::parse(field.text);
    if (!mac) {
      return wrong(field, fmt::format("{} is not a MAC address; {}", shown(field.text), kMacForms));
    }
    vnic_.set_mac_address(mac->dashed());
    return {};
  }

  Status vswitch() {
    if (!fields_.more() && use_ == ResourceUse::find) return {};
    const Field keyword = fields_.take();
    if (keyword.text != "vswitch") {
      if (keyword.text.empty()) return wrong(keyword, "expected 'vswitch:' and its name");
      return wrong(keyword, fmt::format("expected 'vswitch', not {}", shown(keyword.text)));
    }
    const Field name = fields_.take();
    if (name.text.empty()) return wrong(name, "no name of a vswitch; 'hpvmnet' lists them");
    if (!std::ranges::all_of(name.text, is_name_character)) {
      return wrong(name, fmt::format("{} cannot be the name of a vswitch", shown(name.text)));
    }
    vnic_.set_vswitch(std::string(name.text));
    return {};
  }

  Status options() {
    while (fields_.more()) {
      if (auto status = option(fields_.take()); !status) return status;
    }
    return {};
  }

  Status option(const Field& keyword) {
    const std::string_view endpoint_word = endpoint_word_of(vnic_.adaptor());
    std::vector<std::string_view> allowed;
    if (!vnic_.has_port()) allowed.push_back(kPortWord);
    if (!vnic_.has_endpoint() && !endpoint_word.empty()) allowed.push_back(endpoint_word);
    if (std::ranges::find(allowed, keyword.text) == allowed.end()) {
      return wrong(keyword, fmt::format("expected {}nothing, not {}", alternatives(allowed),
                                        shown(keyword.text)));
    }
    return keyword.text == kPortWord ? port() : endpoint(endpoint_word);
  }

  Status port() {
    const Field field = fields_.take();
    const auto number = this->number(field, "port id", kPortsPerVswitch - 1);
    if (!number) return tl::unexpected(number.error());
    if (!*number) return wrong(field, "no port id; 0 to 511, or leave out ':portid:'");
    vnic_.set_port(**number);
    return {};
  }

  Status endpoint(std::string_view word) {
    const Field field = fields_.take();
    if (field.text.empty()) {
      return wrong(field, fmt::format("nothing follows '{0}'; write '{0}:{1}' for the default, or "
                                      "leave it out",
                                      word, kNoEndpoint));
    }
    if (!std::ranges::all_of(field.text, is_printable)) {
      return wrong(field, fmt::format("{} cannot follow '{}'", shown(field.text), word));
    }
    vnic_.set_endpoint(field.text == kNoEndpoint ? "" : std::string(field.text));
    return {};
  }

  Result<std::optional<std::uint32_t>> number(const Field& field, std::string_view what,
                                              std::uint32_t last) const {
    if (field.text.empty()) return std::nullopt;
    const auto number = parse_number(field.text);
    if (number && *number <= last) return number;
    return wrong(field, fmt::format("{} is not a {}; 0 to {}", shown(field.text), what, last));
  }

  std::string_view text_;
  ResourceUse use_;
  Fields fields_;
  v1::VnicRequest vnic_;
};

}  // namespace

Result<v1::VnicRequest> parse_resource(std::string_view text, ResourceUse use) {
  return Parser(text, use).parse();
}

std::string to_resource(const v1::Vnic& vnic) {
  const auto mac = Mac::parse(vnic.mac_address());
  std::string text = fmt::format(
      "network:{}:{},{},{}:vswitch:{}:portid:{}", vnic.adaptor(), vnic.bus(), vnic.device(),
      mac ? mac->hexadecimal() : vnic.mac_address(), vnic.vswitch(), vnic.port());
  if (!vnic.endpoint().empty()) {
    text += fmt::format(":{}:{}", endpoint_word_of(vnic.adaptor()), vnic.endpoint());
  }
  return text;
}

}  // namespace hpvmnet::cli
