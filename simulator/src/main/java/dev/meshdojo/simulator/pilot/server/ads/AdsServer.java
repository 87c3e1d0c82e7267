package dev.meshdojo.simulator.pilot.server.ads;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A port on which ADS is served: plain text, as istiod's 15010, or TLS that asks for a token, as
 * its 15012. Thread-safe; closing ends its streams and nothing else.
 */
public final class AdsServer implements AutoCloseable {

    private final Server server;
    private final ExecutorService calls;

    private AdsServer(Server server, ExecutorService calls) {
        this.server = server;
        this.calls = calls;
    }

    /**
     * Serves plain text; proxies are who they say.
     *
     * @param address a loopback address; port 0 for any free one
     * @throws IOException when the port cannot be opened
     */
    public static AdsServer plaintext(InetSocketAddress address, AdsService service)
            throws IOException {
        return start(address, service, null);
    }

    /**
     * Serves TLS; proxies show the token of their service account.
     *
     * @param address a loopback address; port 0 for any free one
     * @throws IOException when the port cannot be opened
     */
    public static AdsServer tls(InetSocketAddress address, AdsService service, Certificate own)
            throws IOException {
        return start(address, service, own);
    }

    private static AdsServer start(
            InetSocketAddress address, AdsService service, @Nullable Certificate own)
            throws IOException {
        ExecutorService calls =
                Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("ads-", 0).factory());
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(address).executor(calls).addService(service);
        if (own != null) {
            builder.useTransportSecurity(stream(own.chainPem()), stream(own.keyPem()))
                    .intercept(new CallerIdentity(service.options().tokens()));
        }
        try {
            return new AdsServer(builder.build().start(), calls);
        } catch (IOException e) {
            calls.close();
            throw new IOException(
                    "ADS: cannot listen on "
                            + address.getHostString()
                            + ":"
                            + address.getPort()
                            + ": "
                            + (e.getCause() == null ? e : e.getCause()).getMessage()
                            + "; end what uses that port or choose another",
                    e);
        }
    }

    private static ByteArrayInputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) server.getListenSockets().getFirst();
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        calls.shutdown();
    }

    /**
     * What the server shows.
     *
     * @param chainPem the certificate and those above it
     * @param keyPem its private key, PKCS #8
     */
    public record Certificate(String chainPem, String keyPem) {

        @Override
        public String toString() {
            return "Certificate[a secret]";
        }
    }
}
