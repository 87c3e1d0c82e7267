package dev.meshdojo.gateway.config.ads;

import com.google.protobuf.ByteString;

/** Opens streams to the management server. */
@FunctionalInterface
public interface AdsConnector {

    /** Opens one. */
    AdsStream open(Listener listener);

    /** An open stream. */
    interface AdsStream {

        /** Sends a serialized DiscoveryRequest. */
        void send(ByteString request);

        /** Ends it; the listener hears nothing more. */
        void cancel();
    }

    /** Who hears of a stream; must not block. */
    interface Listener {

        /** A serialized DiscoveryResponse came. */
        void onResponse(ByteString response);

        /**
         * The stream is over.
         *
         * @param code gRPC's status number
         */
        void onClosed(int code, String message);
    }
}
