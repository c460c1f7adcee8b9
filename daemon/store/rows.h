#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <set>

#include "control/model.h"
#include "store/database.h"

namespace hpvmnet {

// The desired state as rows of the database's tables, and back.

/// A table as the current version has it: its columns, of which the first `key_columns` tell one
/// row from another.
struct Table {
  const char* name;
  std::array<const char*, 8> columns;  ///< ends with the first null pointer
  std::size_t key_columns;
};

inline constexpr std::array<Table, 6> kTables = {{
    {"vswitches",
     {"name", "number", "up", "backing", "backing_mode", "backing_vlan", "multicast"},
     1},
    {"ports", {"vswitch", "number", "vlan", "queue_pairs", "packed_rings", "trunk"}, 2},
    {"guests", {"name", "number"}, 1},
    {"vnics", {"guest", "bus", "device", "adaptor", "mac", "vswitch", "port", "endpoint"}, 3},
    {"filters", {"vswitch", "position", "name", "arguments"}, 2},
    {"mirrors", {"vswitch", "port", "sources", "ingress", "egress", "filter", "program"}, 1},
}};

/// By table, in the order of kTables. The columns of a row are in the order of the table's.
using TableRows = std::array<std::set<Row>, kTables.size()>;

TableRows rows_of(const Model& model);

/// None where the rows do not fit together or their columns have other types than the schema says.
std::optional<Model> model_of(const TableRows& rows);

}  // namespace hpvmnet
