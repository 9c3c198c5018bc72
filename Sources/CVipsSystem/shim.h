/* Only carries the flags that pkg-config knows for libvips. */
