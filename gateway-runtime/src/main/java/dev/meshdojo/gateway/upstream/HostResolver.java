package dev.meshdojo.gateway.upstream;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Looks up host names of DNS clusters. May block: it is called on virtual threads only. */
@FunctionalInterface
public interface HostResolver {

    /**
     * The addresses of {@code host}, in the order given.
     *
     * @throws UnknownHostException when there are none
     */
    List<InetAddress> resolve(String host) throws UnknownHostException;

    /** The system's resolver. */
    static HostResolver system() {
        return host -> List.of(InetAddress.getAllByName(host));
    }
}
