#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include <yaml-cpp/yaml.h>

#include "cli/result.h"

namespace hpvmnet::cli {

/// A YAML file, for people who have to mend it: everything that is said of it names the place.
class Document {
 public:
  /// `name`: of the file, for messages. Refuses what is no YAML, is empty, or more than one
  /// document.
  static Result<Document> parse(const std::string& text, std::string name);

  const YAML::Node& root() const { return root_; }

  /// "net.yaml:12:5"
  std::string place(const YAML::Mark& mark) const;

  /// "net.yaml:12:5: reason"
  tl::unexpected<Error> wrong(const YAML::Node& at, std::string_view reason) const;

  using Visit = std::function<Status(const YAML::Node& key, const YAML::Node& value)>;

  /// Visits all entries of a mapping; nothing at all is an empty one. Refuses keys that are there
  /// twice. `what`: "a vswitch", for messages.
  Status for_each(const YAML::Node& mapping, std::string_view what, const Visit& visit) const;

  /// One that knows a key.
  struct Reader {
    std::string_view key;
    std::function<Status(const YAML::Node& value)> read;
  };

  /// Has each entry of a mapping read by the one that knows its key. Refuses others, with a
  /// suggestion.
  Status read(const YAML::Node& mapping, std::string_view what,
              std::span<const Reader> readers) const;

  /// The text of a value that is neither a list nor a mapping, nor empty.
  Result<std::string> text(const YAML::Node& value, std::string_view what) const;
  Result<std::uint32_t> number(const YAML::Node& value, std::string_view what, std::uint32_t first,
                               std::uint32_t last) const;
  Result<bool> yes_or_no(const YAML::Node& value, std::string_view what) const;

 private:
  Document(const YAML::Node& root, std::string name) : root_(root), name_(std::move(name)) {}

  YAML::Node root_;
  std::string name_;
};

}  // namespace hpvmnet::cli
