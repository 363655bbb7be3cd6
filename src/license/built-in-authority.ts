/**
 * The authority of the free licence that ships with the product. Its private key was used once, to sign that
 * licence, and destroyed: nobody, us included, can issue another one in its name.
 */
export const BUILT_IN_AUTHORITY_PEM = `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAZPca8W+b/MFYswaK81qgs8sfmXJWXoZtWSN7bTJ2org=
-----END PUBLIC KEY-----
`;
