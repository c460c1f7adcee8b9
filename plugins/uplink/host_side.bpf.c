// How frames pass between a host interface, its kernel and the switch; the drawing is in README.md.
// Three programs of traffic control: one on the interface for what arrives, one for what the host
// sends, one on the switch's tap for what the switch gives the host.

#include <linux/bpf.h>
#include <linux/pkt_cls.h>

#include <bpf/bpf_helpers.h>

typedef __u64 address;

// Stations that the switch has sent from: what the host sends to them is for the switch. The least
// recently used make room.
struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 65536);
  __type(key, address);
  __type(value, __u8);
} guests SEC(".maps");

const volatile __u32 tap_index = 0;
const volatile __u32 interface_index = 0;
// Whether the programs end with the switch's process, as its tap does.
const volatile __u8 linked = 0;

// On frames from the switch, which must not be given back to it.
const volatile __u32 from_switch = 0;

struct addresses {
  __u8 destination[6];
  __u8 source[6];
};

static address read_address(const __u8 *bytes) {
  return (address)bytes[0] << 40 | (address)bytes[1] << 32 | (address)bytes[2] << 24 |
         (address)bytes[3] << 16 | (address)bytes[4] << 8 | bytes[5];
}

static int read_addresses(struct __sk_buff *frame, struct addresses *to) {
  return bpf_skb_load_bytes(frame, 0, to, sizeof *to);
}

// Takes the mark off, which is nobody else's business.
static int is_from_switch(struct __sk_buff *frame) {
  if (frame->mark != from_switch) return 0;
  frame->mark = 0;
  return 1;
}

static int is_group(const struct addresses *frame) { return frame->destination[0] & 1; }

// What arrives for a group is for the switch, too. A station that speaks from the network is no
// guest any longer.
SEC("tc")
int from_wire(struct __sk_buff *frame) {
  if (is_from_switch(frame)) return TC_ACT_UNSPEC;
  struct addresses addresses;
  if (read_addresses(frame, &addresses) != 0 || !is_group(&addresses)) return TC_ACT_UNSPEC;
  const address source = read_address(addresses.source);
  bpf_map_delete_elem(&guests, &source);
  bpf_clone_redirect(frame, tap_index, 0);
  return TC_ACT_UNSPEC;
}

// What the host sends to a guest goes to the switch alone, what it sends to a group there, too.
// Programs that outlive the tap pass on what cannot go there, as if they were not there.
SEC("tc")
int from_host(struct __sk_buff *frame) {
  if (is_from_switch(frame)) return TC_ACT_UNSPEC;
  struct addresses addresses;
  if (read_addresses(frame, &addresses) != 0) return TC_ACT_UNSPEC;
  if (is_group(&addresses)) {
    bpf_clone_redirect(frame, tap_index, 0);
    return TC_ACT_UNSPEC;
  }
  const address destination = read_address(addresses.destination);
  if (bpf_map_lookup_elem(&guests, &destination) == 0) return TC_ACT_UNSPEC;
  if (linked) return bpf_redirect(tap_index, 0);
  return bpf_clone_redirect(frame, tap_index, 0) == 0 ? TC_ACT_STOLEN : TC_ACT_UNSPEC;
}

// What the switch has for the host arrives there as if by the interface.
SEC("tc")
int to_host(struct __sk_buff *frame) {
  struct addresses addresses;
  if (read_addresses(frame, &addresses) != 0) return TC_ACT_SHOT;
  const address source = read_address(addresses.source);
  if (bpf_map_lookup_elem(&guests, &source) == 0) {
    const __u8 known = 1;
    bpf_map_update_elem(&guests, &source, &known, BPF_ANY);
  }
  frame->mark = from_switch;
  return bpf_redirect(interface_index, BPF_F_INGRESS);
}

char LICENSE[] SEC("license") = "GPL";
