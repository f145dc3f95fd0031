export { AuthorizationInfo, EnergyContract, LocationReferences, Token } from '../types/token';
