#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hpvmnet::cli {

/// Something that programs are told of, whatever the form in which they read it: its fields with
/// their names, and the things that are part of it. Fields have a fixed order, to which only the
/// end is added.
struct Record {
  using Fields = std::vector<std::pair<std::string, std::string>>;
  std::string kind;  ///< "port"
  Fields identity;   ///< which one it is; the first is its name among its siblings
  Fields fields;     ///< what it is like
  std::vector<Record> parts;
};
using Records = std::vector<Record>;

/// A line for each record and then for its parts: KIND, the names of what it is part of, its
/// identity and its fields, with colons between them. A colon or a backslash in a value has a
/// backslash before it; a control character is \xNN. A record that has only an identity has no line
/// of its own.
std::string machine_text(const Records& records);

/// An XML document with an element `root` for all of them. The identity is in attributes.
std::string xml_text(const std::string& root, const Records& records);

/// How programs read records.
enum class Form : unsigned char { machine, xml };

}  // namespace hpvmnet::cli
