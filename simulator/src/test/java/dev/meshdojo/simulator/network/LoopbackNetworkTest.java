package dev.meshdojo.simulator.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshdojo.simulator.network.ClusterNetwork.PodAttachment;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class LoopbackNetworkTest {

    private final LoopbackNetwork network =
            new LoopbackNetwork(new Random(1), Clock.systemUTC(), port -> {});

    @AfterEach
    void close() {
        network.close();
    }

    @Test
    void givesPodsAddressesOfThePodRangeAndTakesThemBack() {
        PodAttachment first = network.attachPod("a", "one");
        PodAttachment asked = network.attachPod("a", "two", "10.244.1.3");

        assertThat(first.podIp()).isEqualTo("10.244.0.1");
        assertThat(asked.podIp()).isEqualTo("10.244.1.3");
        assertThatThrownBy(() -> network.attachPod("a", "three", "10.244.1.3"))
                .hasMessageContaining("10.244.1.3 belongs to another pod");
        asked.close();
        assertThat(network.attachPod("a", "three", "10.244.1.3").podIp()).isEqualTo("10.244.1.3");
    }

    @Test
    void aListenerIsReachedByPodAddressAndKnowsItsPeer() throws IOException {
        PodAttachment server = network.attachPod("a", "server");
        PodAttachment client = network.attachPod("a", "client");
        InetSocketAddress any = new InetSocketAddress("0.0.0.0", 8080);
        try (ServerSocket listener = new ServerSocket()) {
            listener.bind(server.addressing().bindAddress(any));
            server.addressing().bound(any, (InetSocketAddress) listener.getLocalSocketAddress());

            try (Socket inside = network.connect(client, server.podIp(), 8080);
                    Socket accepted = listener.accept()) {
                assertThat(inside.isConnected()).isTrue();
                InetSocketAddress peer =
                        server.addressing()
                                .peerAddress((InetSocketAddress) accepted.getRemoteSocketAddress());
                assertThat(peer.getAddress().getHostAddress()).isEqualTo(client.podIp());
            }
            try (Socket outside = network.connect(null, server.podIp(), 8080);
                    Socket accepted = listener.accept()) {
                assertThat(outside.isConnected()).isTrue();
                assertThat(
                                server.addressing()
                                        .peerAddress(
                                                (InetSocketAddress)
                                                        accepted.getRemoteSocketAddress())
                                        .getAddress()
                                        .getHostAddress())
                        .isEqualTo("192.168.49.1");
            }
        }
    }

    @Test
    void aLoopbackListenerIsOnlyForThePodItself() throws IOException {
        PodAttachment server = network.attachPod("a", "server");
        PodAttachment client = network.attachPod("a", "client");
        InetSocketAddress admin = new InetSocketAddress(InetAddress.getLoopbackAddress(), 15000);
        try (ServerSocket listener = new ServerSocket()) {
            listener.bind(server.addressing().bindAddress(admin));
            server.addressing().bound(admin, (InetSocketAddress) listener.getLocalSocketAddress());

            network.connect(server, "localhost", 15000).close();
            assertThatThrownBy(() -> network.connect(client, server.podIp(), 15000))
                    .hasMessage("Connection refused");
        }
    }

    @Test
    void namesThatDoNotResolveAndPortsWhereNothingListensFail() {
        PodAttachment client = network.attachPod("a", "client");

        assertThatThrownBy(() -> network.connect(client, "nobody", 80))
                .isInstanceOf(UnknownHostException.class)
                .hasMessage("Could not resolve host: nobody");
        assertThatThrownBy(() -> network.connect(client, client.podIp(), 80))
                .hasMessage("Connection refused");
        assertThat(network.resolve("a", "nobody", 80)).isNull();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void portsKeepTheirNumbersAndClustersDoNotMeet() {
        try (LoopbackNetwork other =
                new LoopbackNetwork(new Random(1), Clock.systemUTC(), port -> {})) {
            InetSocketAddress any = new InetSocketAddress("0.0.0.0", 8080);
            InetSocketAddress here = network.attachPod("a", "p").addressing().bindAddress(any);
            InetSocketAddress there = other.attachPod("a", "p").addressing().bindAddress(any);

            assertThat(here.getPort()).isEqualTo(8080);
            assertThat(there.getPort()).isEqualTo(8080);
            assertThat(here.getAddress()).isNotEqualTo(there.getAddress());
            assertThat(other.loadBalancerPool())
                    .doesNotContainAnyElementsOf(network.loadBalancerPool());
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void documentationAddressesSwallowPackets() {
        PodAttachment client = network.attachPod("a", "client");
        InetSocketAddress real =
                client.addressing().connectAddress(new InetSocketAddress("192.0.2.1", 80));

        assertThatThrownBy(
                        () -> {
                            try (Socket socket = new Socket()) {
                                socket.connect(real, 300);
                            }
                        })
                .isInstanceOf(java.net.SocketTimeoutException.class);
    }
}
