package dev.meshdojo.simulator.network;

import dev.meshdojo.gateway.listener.SocketAddressing;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/**
 * The cluster's network: pod addresses, cluster IPs, DNS names, node ports and load-balancer
 * addresses, carried by real sockets on loopback.
 *
 * <p>No interface carries a pod's address such as {@code 10.244.0.7}. Where the system routes all
 * of 127.0.0.0/8 (Linux) each pod has a loopback address of its own and its ports keep their
 * numbers; elsewhere each port is bound to a free one on 127.0.0.1. A registry knows which socket
 * stands for which address. Nothing listens beyond loopback.
 *
 * <p>Thread-safe. Lookups never block.
 */
public interface ClusterNetwork extends AutoCloseable {

    /** Gives a pod its address; the attachment is closed when the pod goes. */
    default PodAttachment attachPod(String namespace, String pod) {
        return attachPod(namespace, pod, null);
    }

    /**
     * Gives a pod its address.
     *
     * @param requestedIp the address it asks for, as Calico's annotation {@code
     *     cni.projectcalico.org/ipAddrs} does, or null for the next free one
     * @throws IllegalArgumentException when another pod has that address
     */
    PodAttachment attachPod(String namespace, String pod, @Nullable String requestedIp);

    /**
     * The real socket address behind a destination as a workload names it: a pod IP, a cluster IP
     * and Service port, a node or load-balancer address, or a name in cluster DNS ({@code
     * greetings}, {@code greetings.apps}, the full name, a headless pod name). A Service picks one
     * ready endpoint.
     *
     * @param namespace the namespace whose search list completes short names
     * @return null when the name does not resolve or nothing answers there
     */
    @Nullable InetSocketAddress resolve(String namespace, String host, int port);

    /** The cluster addresses that a name has in DNS, as text; empty when it does not resolve. */
    java.util.List<String> lookup(String namespace, String host);

    /**
     * Connects as a workload of {@code from} would; null means from outside the cluster, through
     * the node.
     *
     * @throws IOException with the words a C program would print: {@code Connection refused},
     *     {@code Could not resolve host}
     */
    Socket connect(@Nullable PodAttachment from, String host, int port) throws IOException;

    @Override
    void close();

    /** One pod's place in the network. Closing it frees the address and closes nothing else. */
    interface PodAttachment extends AutoCloseable {
        /** The pod's address, such as {@code 10.244.0.7}. */
        String podIp();

        /** The namespace whose search list completes short names. */
        String namespace();

        /** How servers and clients inside this pod bind, connect and name addresses. */
        SocketAddressing addressing();

        /**
         * The real address behind a listening port of this pod, or null when nothing listens there.
         */
        @Nullable InetSocketAddress listening(int port);

        @Override
        void close();
    }
}
