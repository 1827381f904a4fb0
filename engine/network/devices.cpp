#include "engine/network/network.h"

#include "engine/network/netlink.h"
#include "engine/os/file.h"
#include "engine/os/process.h"

#include <algorithm>
#include <linux/if_addr.h>
#include <net/if.h>
#include <sched.h>
#include <set>

namespace rocker::network {

namespace {

// What of an address's flags is its owner's choice and not its state.
constexpr std::uint32_t chosenFlags = IFA_F_NODAD | IFA_F_HOMEADDRESS | IFA_F_NOPREFIXROUTE | IFA_F_MCAUTOJOIN;

struct Address {
    ifaddrmsg header{};
    std::uint32_t flags = 0;
    std::vector<std::string> attributes; // each as the kernel wrote it, header and all
};

Result<unsigned> indexOf(Netlink& netlink, const std::string& name)
{
    Request request(RTM_GETLINK, 0);
    request.append(ifinfomsg{});
    request.addText(IFLA_IFNAME, name);
    unsigned index = 0;
    TRY(netlink.ask(request, [&](const nlmsghdr& message) {
        if (message.nlmsg_type == RTM_NEWLINK)
            index = unsigned(static_cast<const ifinfomsg*>(NLMSG_DATA(&message))->ifi_index);
    }));
    if (index == 0)
        return fail(Error::fromErrno(ENODEV));
    return index;
}

Result<std::set<unsigned>> indexes(Netlink& netlink)
{
    Request request(RTM_GETLINK, NLM_F_DUMP);
    request.append(ifinfomsg{});
    std::set<unsigned> found;
    TRY(netlink.ask(request, [&](const nlmsghdr& message) {
        if (message.nlmsg_type == RTM_NEWLINK)
            found.insert(unsigned(static_cast<const ifinfomsg*>(NLMSG_DATA(&message))->ifi_index));
    }));
    return found;
}

Result<> setUp(Netlink& netlink, unsigned index, bool up)
{
    Request request(RTM_NEWLINK, 0);
    request.append(ifinfomsg{.ifi_family = AF_UNSPEC, .ifi_index = int(index), .ifi_flags = up ? unsigned(IFF_UP) : 0U, .ifi_change = IFF_UP});
    return netlink.ask(request);
}

// What the specification has kept: permanent, and known everywhere (RFC 3549, 2.3.3.2).
Result<std::vector<Address>> addressesOf(Netlink& netlink, unsigned index)
{
    Request request(RTM_GETADDR, NLM_F_DUMP);
    request.append(ifaddrmsg{});
    std::vector<Address> found;
    TRY(netlink.ask(request, [&](const nlmsghdr& message) {
        const auto* header = static_cast<const ifaddrmsg*>(NLMSG_DATA(&message));
        if (message.nlmsg_type != RTM_NEWADDR || header->ifa_index != index || header->ifa_scope != RT_SCOPE_UNIVERSE)
            return;
        Address address{.header = *header, .flags = header->ifa_flags, .attributes = {}};
        forEachAttribute(message, sizeof *header, [&](const rtattr& attribute) {
            if (attribute.rta_type == IFA_FLAGS && RTA_PAYLOAD(&attribute) == sizeof address.flags)
                std::memcpy(&address.flags, RTA_DATA(&attribute), sizeof address.flags);
            else if (attribute.rta_type == IFA_LOCAL || attribute.rta_type == IFA_ADDRESS || attribute.rta_type == IFA_BROADCAST
                     || attribute.rta_type == IFA_RT_PRIORITY)
                address.attributes.emplace_back(reinterpret_cast<const char*>(&attribute), attribute.rta_len);
        });
        if (address.flags & IFA_F_PERMANENT)
            found.push_back(std::move(address));
    }));
    return found;
}

Result<> addAddress(Netlink& netlink, unsigned index, const Address& address)
{
    Request request(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL);
    ifaddrmsg header = address.header;
    header.ifa_index = index;
    header.ifa_flags = 0;
    request.append(header);
    for (const std::string& attribute : address.attributes)
        request.appendAligned(attribute);
    request.add(IFA_FLAGS, address.flags & chosenFlags);
    return netlink.ask(request);
}

// The device in its new namespace: by its name, or with a template as the one that has not been there before.
Result<unsigned> findMoved(Netlink& inside, const std::string& name, const std::set<unsigned>& before)
{
    if (!name.contains('%'))
        return indexOf(inside, name);
    for (const unsigned index : TRY(indexes(inside)))
        if (!before.contains(index))
            return index;
    return fail(Error::fromErrno(ENODEV));
}

Result<> move(Netlink& outside, Netlink& inside, const std::string& name, const std::string& newName, BorrowedFd target)
{
    const unsigned index = TRY(indexOf(outside, name), "find it");
    std::set<unsigned> before;
    if (newName.contains('%'))
        before = TRY(indexes(inside), "list the container's devices");
    // Asked for before: the kernel moves first and renames then, and would leave it there under its old name.
    else if (indexOf(inside, newName))
        return fail(ErrorCode::AlreadyExists, "the container has a device '{}' already", newName);

    // Read while it is up: IPv6 addresses go when it is set down, which keeps the host from using it on the way.
    const std::vector<Address> addresses = TRY(addressesOf(outside, index), "read its addresses");
    TRY(setUp(outside, index, false), "set it down");
    Request request(RTM_NEWLINK, 0);
    request.append(ifinfomsg{.ifi_family = AF_UNSPEC, .ifi_index = int(index)});
    request.addText(IFLA_IFNAME, newName);
    request.add(IFLA_NET_NS_FD, std::uint32_t(target.value()));
    TRY(outside.ask(request), "move it to the container as '{}'", newName);

    const unsigned moved = TRY(findMoved(inside, newName, before), "find it in the container");
    for (const Address& address : addresses)
        TRY(addAddress(inside, moved, address), "give it its address back");
    TRY(setUp(inside, moved, true), "set it up");
    return {};
}

Result<Netlink> openIn(BorrowedFd target)
{
    const UniqueFd own = TRY(os::open("/proc/self/ns/net", O_RDONLY), "open the own network namespace");
    TRY(os::enterNamespaces(target, CLONE_NEWNET), "enter the container's network namespace");
    auto inside = Netlink::open();
    TRY(os::enterNamespaces(own, CLONE_NEWNET), "return to the own network namespace");
    return inside;
}

} // namespace

Result<> moveDevices(const std::map<std::string, spec::NetDevice>& devices, BorrowedFd target)
{
    if (devices.empty())
        return {};
    Netlink outside = TRY(Netlink::open());
    Netlink inside = TRY(openIn(target));
    for (const auto& [name, device] : devices) {
        const std::string& newName = device.name.empty() ? name : device.name;
        if (!isDeviceName(name) || !isDeviceName(newName))
            return fail(ErrorCode::InvalidArgument, "invalid network device name '{}'", isDeviceName(name) ? newName : name);
        TRY(move(outside, inside, name, newName, target), "network device '{}'", name);
    }
    return {};
}

} // namespace rocker::network
