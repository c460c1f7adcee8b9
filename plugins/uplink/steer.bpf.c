// Which arriving frames the switch takes from the interface: those for stations that are neither the
// host nor a group. All others go on to the host as ever.

#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

typedef __u64 address;

// Of the switch, by receive queue; a queue without one leaves its frames to the host.
struct {
  __uint(type, BPF_MAP_TYPE_XSKMAP);
  __uint(max_entries, 64);
  __type(key, __u32);
  __type(value, __u32);
} sockets SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 1024);
  __type(key, address);
  __type(value, __u8);
} host_addresses SEC(".maps");

SEC("xdp")
int steer(struct xdp_md *context) {
  const __u8 *frame = (const __u8 *)(long)context->data;
  const __u8 *end = (const __u8 *)(long)context->data_end;
  if (frame + 14 > end || (frame[0] & 1)) return XDP_PASS;
  const address destination = (address)frame[0] << 40 | (address)frame[1] << 32 |
                              (address)frame[2] << 24 | (address)frame[3] << 16 |
                              (address)frame[4] << 8 | frame[5];
  if (bpf_map_lookup_elem(&host_addresses, &destination)) return XDP_PASS;
  return (int)bpf_redirect_map(&sockets, context->rx_queue_index, XDP_PASS);
}

char LICENSE[] SEC("license") = "GPL";
